using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Grains.Webhooks;
using TokenActors.Storage.Outbox;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Webhooks;

/// <summary>Attempts of one endpoint: to whom they go, and what becomes of one that cannot be made or is called
/// off.</summary>
public sealed class DeliveryAttemptsTests
{
    private const string Endpoint = "0195f3c2-5c0b-7a7f-8f2e-0242ac120002";

    private static readonly Guid Account = Guid.Parse("0195f3c2-5c0b-7a7f-8f2e-0242ac120003");
    private static readonly OrganizationId Organization = OrganizationId.Parse("01900000-0000-7000-8000-00000000000a");

    private static readonly AttemptResult Answered = new(200, null, "ok", TimeSpan.FromMilliseconds(5), null);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Sender _sender = new();
    private string[]? _accountLabels;

    private DeliveryAttempts Attempts => field ??= new(
        Stub.Of<IRecordStore>((method, args) => method.Name == nameof(IRecordStore.Read)
            ? Task.FromResult(Row((RecordKey)args[0]!))
            : throw new NotSupportedException(method.Name)),
        _sender, Endpoint, _time, NullLogger.Instance);

    [Theory]
    [InlineData("a", "a b", true)]
    [InlineData("x b", "a b", true)]
    [InlineData("x", "a b", false)]
    [InlineData("A", "a", false)]
    [InlineData("x", "", false)]
    [InlineData("", "a", true)]
    [InlineData("", null, true)]
    [InlineData("a", null, false)]
    public async Task Only_events_of_accounts_with_a_wanted_label_are_sent(string wanted, string? labels, bool isFor)
    {
        _accountLabels = labels?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(isFor, await Attempts.IsFor(Target("https://h", wanted), Told(Account.ToString())));
    }

    [Fact]
    public async Task An_event_of_no_account_is_for_those_that_want_no_label()
    {
        Assert.False(await Attempts.IsFor(Target("https://h", "a"), Told(null)));
        Assert.True(await Attempts.IsFor(Target("https://h"), Told(null)));
    }

    [Fact]
    public async Task An_attempt_that_cannot_be_made_is_one_that_failed()
    {
        _sender.Answer = _ => throw new InvalidOperationException("no");
        var attempted = await Attempts.Begin(Target("https://h"), Waiting, "[]", Told(null));
        Assert.Equal(
            (null, "the request could not be made", false),
            (attempted.Result.Status, attempted.Result.Error, attempted.IsCalledOff));
        Assert.Equal((Waiting, "[]", _time.GetUtcNow()), (attempted.Delivery, attempted.Log, attempted.At));
    }

    /// <summary>What waits for an answer of a former address ends; an answer that came is one, and counts.</summary>
    [Theory]
    [InlineData("https://other", false, true)]
    [InlineData("https://other", true, false)]
    [InlineData("https://h", false, null)]
    [InlineData(null, false, null)]
    public async Task An_attempt_at_a_former_address_is_called_off(string? address, bool isAnswered, bool? isCalledOff)
    {
        Attempts.CallOffOthers(Target("https://h"));
        TaskCompletionSource begun = new();
        _sender.Answer = async calledOff =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, calledOff).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return isAnswered ? Answered : Answered with { Status = null, Error = "called off" };
        };
        var attempt = Attempts.Begin(Target("https://h"), Waiting, null, Told(null));
        await begun.Task;
        Attempts.CallOffOthers(address is null ? null : Target(address));
        if (isCalledOff is { } expected)
        {
            Assert.Equal(expected, (await attempt).IsCalledOff);
            return;
        }

        Assert.False(attempt.IsCompleted);
        Attempts.CallOffOthers(Target("https://last"));
        Assert.True((await attempt).IsCalledOff);
    }

    [Fact]
    public async Task Without_an_answer_it_failed_where_nobody_called_it_off()
    {
        Attempts.CallOffOthers(Target("https://h"));
        Attempts.CallOffOthers(Target("https://other"));
        _sender.Answer = _ => Task.FromResult(Answered with { Status = null, Error = "no answer in time" });
        Assert.False((await Attempts.Begin(Target("https://other"), Waiting, null, Told(null))).IsCalledOff);
    }

    [Theory]
    [InlineData(500, DeliveryOutcome.Failed, true)]
    [InlineData(200, DeliveryOutcome.Delivered, false)]
    public void What_is_noted_is_due_again_only_where_it_failed(int status, string outcome, bool isDueAgain)
    {
        var now = _time.GetUtcNow();
        var attempted = new Attempted(
            Waiting, AttemptLog.With(null, now.AddHours(-1), Answered with { Status = 500 }), now,
            Answered with { Status = status });
        var (next, what, noted) = Attempts.After(
            attempted, [TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(50)], now);
        Assert.Equal((outcome, outcome, 1), (what, noted.Outcome, next.Attempts));
        Assert.Equal((Endpoint, Waiting.Number, 1), (noted.EndpointId, noted.Number, noted.Attempts));
        Assert.Equal(isDueAgain ? next.DueAt : null, noted.DueAt);
        Assert.Equal([500, status], AttemptLog.Read(noted.Log).Select(attempt => attempt.Status));
        Assert.True(!isDueAgain || (next.DueAt - now).TotalSeconds is >= 4.5 and <= 5.5);
    }

    private WaitingDelivery Waiting { get; } = new(7, "t1", 0, DateTimeOffset.UnixEpoch, false);

    private static WebhookTarget Target(string address, string labels = "") => new()
    {
        OrganizationId = Organization, Secrets = [],
        Content = new WebhookContent { Address = address, AccountLabels = [.. labels.Split(' ', StringSplitOptions.RemoveEmptyEntries)] },
    };

    private OutboxEvent Told(string? account) => new(
        7, Guid.NewGuid(), Organization.ToString(), _time.GetUtcNow(), "token.rotated", new RecordKey("token", "t1"), 1, account, "{}", null);

    private StoredRecord? Row(RecordKey key)
    {
        Assert.Equal(new RecordKey(Kinds.Account, Account.ToString()), key);
        if (_accountLabels is not { } labels)
        {
            return null;
        }

        var state = new ResourceState
        {
            Id = Account, OrganizationId = Organization, Name = "acme", FullName = "Acme", CreatedAt = _time.GetUtcNow(), UpdatedAt = _time.GetUtcNow(),
            Content = new() { Account = new() { Environment = "prod", Labels = [.. labels] } },
        };
        return new StoredRecord
        {
            Key = key, Version = 1, CommandId = "c", State = state.ToJson(), Name = "acme", OrganizationId = Organization.ToString(),
            CreatedAt = state.CreatedAt, UpdatedAt = state.UpdatedAt,
        };
    }

    private sealed class Sender : IWebhookSender
    {
        public Func<CancellationToken, Task<AttemptResult>> Answer { get; set; } = _ => Task.FromResult(Answered);

        public Task<AttemptResult> Send(WebhookRequest request, CancellationToken calledOff) => Answer(calledOff);
    }
}
