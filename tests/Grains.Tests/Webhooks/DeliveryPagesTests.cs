using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.ResourceModel;
using TokenActors.Grains.Webhooks;
using TokenActors.Storage.Outbox;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Webhooks;

/// <summary>What an endpoint was sent, a page at once, and what it is sent once more.</summary>
public sealed class DeliveryPagesTests
{
    private const string Endpoint = "0195f3c2-5c0b-7a7f-8f2e-0242ac120002";

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly OrganizationId Organization = OrganizationId.Parse("01900000-0000-7000-8000-00000000000a");

    [Theory]
    [InlineData(3, 4, "3 2 1", null)]
    [InlineData(3, 3, "3 2 1", null)]
    [InlineData(3, 2, "3 2", 2L)]
    [InlineData(5, 1, "5", 5L)]
    [InlineData(0, 2, "", null)]
    public async Task A_page_says_where_the_next_begins_and_the_last_says_nothing(
        int stored, int limit, string shown, long? next)
    {
        var page = await DeliveryPages.Read(new Rows(stored), Endpoint, Query(limit));
        Assert.Equal(
            (shown, next), (string.Join(' ', page.Deliveries.Select(delivery => delivery.SubjectId)), page.Next));
    }

    [Fact]
    public async Task The_pages_after_each_other_show_each_delivery_once()
    {
        List<string> shown = [];
        long? next = null;
        do
        {
            var page = await DeliveryPages.Read(new Rows(7), Endpoint, Query(3) with { Before = next });
            shown.AddRange(page.Deliveries.Select(delivery => delivery.SubjectId));
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal("7 6 5 4 3 2 1", string.Join(' ', shown));
    }

    /// <summary>While it is due again it waits, whatever became of the attempts before.</summary>
    [Theory]
    [InlineData(true, null, "waiting")]
    [InlineData(true, DeliveryOutcome.Failed, "waiting")]
    [InlineData(true, DeliveryOutcome.GivenUp, "waiting")]
    [InlineData(false, DeliveryOutcome.Delivered, "delivered")]
    [InlineData(false, DeliveryOutcome.Filtered, "filtered")]
    [InlineData(false, DeliveryOutcome.GivenUp, "given_up")]
    [InlineData(false, null, "given_up")]
    public async Task A_delivery_is_shown_as_what_became_of_it(bool isDue, string? outcome, string status)
    {
        var page = await DeliveryPages.Read(
            new Rows(1) { Change = row => row with { DueAt = isDue ? Now : null, Outcome = outcome } }, Endpoint, Query(1));
        var shown = Assert.Single(page.Deliveries);
        Assert.Equal((status, isDue ? Now : null), (shown.Status, shown.NextAttemptAt));
    }

    [Fact]
    public async Task Without_a_choice_all_is_replayed_that_is_sent_unasked_of_all_accounts()
    {
        var rows = new Rows(0);
        var endpoint = await Replayed(rows, new WebhookContent { Address = "https://h" });
        Assert.Equal(3, endpoint.Queued);
        Assert.Null(rows.Replayed!.AccountIds);
        Assert.Contains("token.rotated", rows.Replayed.Types!);
        Assert.All(rows.Replayed.Types!, type => Assert.True(Domain.Events.EventTypes.IsSentUnasked(type)));
        Assert.Contains(Domain.Events.EventTypes.All, type => !rows.Replayed.Types!.Contains(type));
    }

    [Fact]
    public async Task What_an_endpoint_chose_is_replayed_and_nothing_else()
    {
        var account = Guid.NewGuid();
        var rows = new Rows(0);
        await Replayed(
            rows, new WebhookContent { Address = "https://h", Types = ["token.deleted"], AccountIds = [account] });
        Assert.Equal(["token.deleted"], rows.Replayed!.Types!);
        Assert.Equal([account.ToString()], rows.Replayed.AccountIds!);
        Assert.Equal(
            (Endpoint, Organization.ToString(), Now.AddDays(-1)),
            (rows.Replayed.EndpointId, rows.Replayed.OrganizationId, rows.Replayed.Since));
    }

    [Theory]
    [InlineData("msg_0195f3c25c0b7a7f8f2e0242ac120009ac120002", true, null)]
    [InlineData("msg_0195f3c25c0b7a7f8f2e0242ac120009ac120002", false, ResourceRefusal.NotFound)]
    [InlineData("msg_0195f3c25c0b7a7f8f2e0242ac12000", true, ResourceRefusal.NotFound)]
    [InlineData("evt_0195f3c25c0b7a7f8f2e0242ac120009ac120002", true, ResourceRefusal.NotFound)]
    [InlineData("msg_0195f3c25c0b7a7f8f2e0242ac12000gac120002", true, ResourceRefusal.NotFound)]
    [InlineData("", true, ResourceRefusal.NotFound)]
    public async Task Only_a_delivery_that_is_over_is_sent_once_more(
        string delivery, bool isOver, ResourceRefusal? refusal)
    {
        var answer = await Repeats(new Rows(0) { IsOver = isOver }).Redeliver(delivery, Now);
        Assert.Equal(
            (refusal, refusal is null ? 1 : 0, refusal is null ? delivery : null),
            (answer.Refusal, answer.Queued, answer.DeliveryId));
    }

    [Theory]
    [InlineData(false, "failing", null, null, "failing")]
    [InlineData(false, null, null, null, "asked")]
    [InlineData(false, "gone", "2025-12-01T00:00:00Z", "failing", "failing")]
    [InlineData(true, "gone", "2025-12-01T00:00:00Z", "failing", null)]
    public void An_endpoint_stays_off_for_the_first_reason(
        bool enabled, string? because, string? disabledAt, string? before, string? after)
    {
        var at = disabledAt is null
            ? (DateTimeOffset?)null
            : DateTimeOffset.Parse(disabledAt, System.Globalization.CultureInfo.InvariantCulture);
        var webhook = new WebhookContent { Address = "https://h", DisabledAt = at, DisabledBecause = before };
        var command = new SetWebhookEnabled { Context = new CallContext { CommandId = Guid.NewGuid() }, Enabled = enabled, Because = because };
        var switched = webhook.Switched(command, Now).Webhook!;
        Assert.Equal((enabled ? null : at ?? Now, after), (switched.DisabledAt, switched.DisabledBecause));
    }

    private static Task<DeliveryAnswer> Replayed(Rows rows, WebhookContent webhook) => Repeats(rows).Replay(
        new ResourceState
        {
            Id = Guid.Parse(Endpoint), OrganizationId = Organization, Name = "e", FullName = "e", CreatedAt = Now, UpdatedAt = Now,
            Content = new() { Webhook = webhook },
        },
        Now.AddDays(-1), Now);

    private static EventRepeats Repeats(Rows rows) => new(
        Stub.Of<IRecordStore>((method, _) => throw new NotSupportedException(method.Name)), rows, new RecordKey("webhook", Endpoint));

    private static ReadDeliveries Query(int limit) => new()
    {
        Limit = limit,
        Caller = new Caller { TokenId = default, OrganizationId = Organization, MemberId = default, Grant = new Grant([]) },
    };

    /// <summary>So many deliveries, numbered from 1, and what is asked of them.</summary>
    private sealed class Rows(int count) : OutboxOfNothing
    {
        public Func<Delivery, Delivery> Change { get; init; } = row => row;

        public bool IsOver { get; init; }

        public EventReplay? Replayed { get; private set; }

        public override Task<IReadOnlyList<Delivery>> Deliveries(string endpointId, string? status, long before, int limit) =>
            Task.FromResult<IReadOnlyList<Delivery>>(
            [
                .. Enumerable.Range(1, count).Reverse().Where(number => number < before).Take(limit).Select(number => Change(new Delivery(
                    number, Guid.NewGuid(), "token.rotated", new RecordKey("token", $"{number}"), Now, 0, Now, null, null))),
            ]);

        public override Task<bool> Redeliver(string endpointId, Guid eventId, DateTimeOffset now) =>
            Task.FromResult(IsOver);

        public override Task<int> Replay(EventReplay replay, DateTimeOffset now)
        {
            Replayed = replay;
            return Task.FromResult(3);
        }
    }
}
