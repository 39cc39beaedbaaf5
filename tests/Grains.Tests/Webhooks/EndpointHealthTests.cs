using Microsoft.Extensions.Time.Testing;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.Webhooks;
using TokenActors.Storage.Outbox;

namespace TokenActors.Grains.Tests.Webhooks;

/// <summary>Since when an endpoint fails, and when it is switched off for it.</summary>
public sealed class EndpointHealthTests
{
    private static readonly TimeSpan DisableAfter = TimeSpan.FromDays(5);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Book _book = new();
    private readonly List<string> _switched = [];
    private readonly EndpointHealth _health;
    private bool _isOfOrganization = true;
    private int _attempts = 1;

    public EndpointHealthTests() => _health = new EndpointHealth(
        _book, Stub.Of<IGrainFactory>((method, _) => Endpoint(method.GetGenericArguments()[0])), "e1",
        new DeliverySettings([TimeSpan.Zero], DisableAfter, TimeSpan.FromSeconds(1)), _time);

    [Fact]
    public async Task The_first_failure_is_noted_and_the_next_success_clears_it()
    {
        Assert.False(await Note(500));
        var first = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(await Note(null, 503));
        Assert.Equal([first], _book.Noted);
        Assert.False(await Note(204));
        Assert.Equal([first, null], _book.Noted);
        Assert.False(await Note(200));
        Assert.Equal(2, _book.Noted.Count);
        _time.Advance(TimeSpan.FromHours(1));
        await Note(500);
        Assert.Equal(_time.GetUtcNow(), _book.Since);
        Assert.Empty(_switched);
    }

    [Fact]
    public async Task One_that_fails_for_all_of_its_days_is_switched_off()
    {
        await Note(500);
        _time.Advance(DisableAfter - TimeSpan.FromTicks(1));
        Assert.False(await Note(500));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.True(await Note(500));
        Assert.Equal(["organization False failing"], _switched);
    }

    /// <summary>Of several that end together one success is enough.</summary>
    [Fact]
    public async Task One_success_among_failures_keeps_it_on()
    {
        await Note(500);
        _time.Advance(DisableAfter);
        Assert.False(await Note(500, 200, 500));
        Assert.Null(_book.Since);
        Assert.Empty(_switched);
    }

    [Theory]
    [InlineData(410)]
    [InlineData(200, 410)]
    [InlineData(500, 410)]
    public async Task One_that_says_that_it_is_gone_is_switched_off_at_once(params int[] statuses)
    {
        Assert.True(await Note([.. statuses.Select(status => (int?)status)]));
        Assert.Equal(["organization False gone"], _switched);
    }

    [Fact]
    public async Task What_is_no_webhook_of_an_organization_is_an_endpoint_of_events()
    {
        _isOfOrganization = false;
        Assert.True(await Note(410));
        Assert.Equal(["organization False gone", "events False gone"], _switched);
    }

    /// <summary>It may have been switched off and on since it failed first: what is stored counts at each
    /// failure.</summary>
    [Fact]
    public async Task A_failure_counts_from_what_is_stored()
    {
        await Note(500);
        _time.Advance(DisableAfter);
        _book.Since = null;
        Assert.False(await Note(500));
        Assert.Equal(_time.GetUtcNow(), _book.Since);
        _book.Since = _time.GetUtcNow() - DisableAfter;
        Assert.True(await Note(500));
    }

    [Fact]
    public async Task Successes_ask_the_database_once()
    {
        for (var i = 0; i < 5; i++)
        {
            await Note(200);
        }

        Assert.Equal(1, _book.Reads);
        Assert.Empty(_book.Noted);
    }

    /// <summary>A first attempt of something new, long after the last of what failed before.</summary>
    [Fact]
    public async Task A_first_failure_after_a_quiet_time_begins_anew()
    {
        await Note(500);
        _time.Advance(DisableAfter * 6);
        _attempts = 0;
        _book.Tried = [_time.GetUtcNow() - DisableAfter - TimeSpan.FromTicks(10)];
        Assert.False(await Note(500));
        Assert.Equal(_time.GetUtcNow(), _book.Since);
        Assert.Empty(_switched);
    }

    [Fact]
    public async Task A_first_failure_with_another_within_the_time_that_it_may_fail_counts_on()
    {
        await Note(500);
        _time.Advance(DisableAfter * 6);
        _attempts = 0;
        _book.Tried = [_time.GetUtcNow() - DisableAfter, _time.GetUtcNow()];
        Assert.True(await Note(500));
    }

    /// <summary>What was just tried is in the log, too, and is not another.</summary>
    [Fact]
    public async Task An_attempt_is_no_other_beside_itself()
    {
        await Note(500);
        _time.Advance(DisableAfter * 6);
        _attempts = 0;
        _book.Tried = [_time.GetUtcNow()];
        Assert.False(await Note(500));
    }

    private Task<bool> Note(params int?[] statuses) => _health.Note(
        [.. statuses.Select((status, number) => new Attempted(
            new WaitingDelivery(number, "s", _attempts, _time.GetUtcNow(), false), null, _time.GetUtcNow(), new AttemptResult(status, null, null, TimeSpan.Zero, null)))]);

    private IAddressable Endpoint(Type kind) => kind == typeof(IOrganizationWebhookGrain)
        ? Stub.Of<IOrganizationWebhookGrain>((_, args) => Switch("organization", args))
        : Stub.Of<IEventEndpointGrain>((_, args) => Switch("events", args));

    private Task<ResourceAnswer> Switch(string kind, object?[] args)
    {
        var command = Assert.IsType<SetWebhookEnabled>(args[0]);
        _switched.Add($"{kind} {command.Enabled} {command.Because}");
        return Task.FromResult(new ResourceAnswer { Refusal = kind == "organization" && !_isOfOrganization ? ResourceRefusal.NotFound : null });
    }

    /// <summary>Where it is noted since when the endpoint fails.</summary>
    private sealed class Book : OutboxOfNothing
    {
        public DateTimeOffset? Since { get; set; }

        public int Reads { get; private set; }

        /// <summary>When the newest deliveries were attempted.</summary>
        public IReadOnlyList<DateTimeOffset> Tried { get; set; } = [];

        public List<DateTimeOffset?> Noted { get; } = [];

        public override Task<DateTimeOffset?> FailingSince(string endpointId)
        {
            Reads++;
            return Task.FromResult(Since);
        }

        public override Task<IReadOnlyList<string>> NewestLogs(string endpointId, long newest, int limit) => Task.FromResult<IReadOnlyList<string>>(
            [.. Tried.Take(limit).Select(at => AttemptLog.With(null, at, new AttemptResult(500, null, null, TimeSpan.Zero, null)))]);

        public override Task NoteFailingSince(string endpointId, DateTimeOffset? since)
        {
            Noted.Add(since);
            Since = since;
            return Task.CompletedTask;
        }
    }
}
