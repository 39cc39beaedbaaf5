using System.Net;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Client.Resources;
using TokenActors.Client.Tokens;

namespace TokenActors.Client.Tests.Client;

/// <summary>What the client makes of answers that do not come.</summary>
[Collection("service")]
public sealed class RetryTests(RunningService service)
{
    private static readonly NewToken Viewer = new() { PermissionSet = "viewer" };

    [Theory]
    [InlineData(WireFault.NotSent)]
    [InlineData(WireFault.NotKept)]
    [InlineData(WireFault.AnswerLost)]
    [InlineData(WireFault.AnswerCut)]
    [InlineData(WireFault.Unavailable)]
    public async Task A_change_is_made_once_under_one_key_whatever_is_lost(WireFault fault)
    {
        using var handler = new FaultyHandler(fault, fault, fault);
        var contact = Guid.NewGuid().ToString();
        var made = await service.ClientOf(service.Admin, handler).Tokens.Create(Viewer with { Contact = contact }).Send();
        Assert.Equal(4, handler.Keys.Count);
        Assert.NotNull(Assert.Single(handler.Keys.Distinct()));
        var living = await service.Client.Tokens.List(new() { Filters = [$"contact[eq]{contact}"] }).Page();
        Assert.Equal(made.Id, Assert.Single(living.Items).Id);
        Assert.True((await service.Client.Tokens.Introspect([made.Secrets!.Access]))[0].Active);
    }

    /// <summary>What sends something to somebody is sent once too.</summary>
    [Fact]
    public async Task Tests_redeliveries_and_replays_are_made_once_under_one_key()
    {
        var webhook = await service.Client.Webhooks.Create(
            new() { Url = new Uri($"http://127.0.0.1:9/{Guid.NewGuid():N}"), Types = ["token.deleted"] }).Send();
        using var handler = new FaultyHandler(WireFault.AnswerLost, WireFault.AnswerCut);
        var sent = await service.ClientOf(service.Admin, handler).Webhooks.Test(webhook.Id).Send();
        Assert.Equal(3, handler.Keys.Count);
        Assert.NotNull(Assert.Single(handler.Keys.Distinct()));
        Assert.Equal(
            sent.DeliveryId, Assert.Single((await service.Client.Webhooks.Deliveries(webhook.Id).Page()).Items).Id);
        await service.Client.Webhooks.Disable(webhook.Id).Send();
        await service.Client.Webhooks.Enable(webhook.Id).Send();
        var redelivery = service.Client.Webhooks.Redeliver(webhook.Id, sent.DeliveryId!);
        Assert.Equal((await redelivery.Send("again")).DeliveryId, (await redelivery.Send("again")).DeliveryId);
        using var lossy = new FaultyHandler(WireFault.AnswerLost);
        await service.ClientOf(service.Admin, lossy).Webhooks.Replay(webhook.Id, TimeProvider.System.GetUtcNow().AddHours(-1)).Send();
        Assert.NotNull(Assert.Single(lossy.Keys.Distinct()));
    }

    [Fact]
    public async Task A_change_whose_answer_never_comes_tells_the_key_under_which_it_is_done_once()
    {
        using var handler = new FaultyHandler([.. Enumerable.Repeat(WireFault.AnswerLost, 5)]);
        var client = service.ClientOf(service.Admin, handler);
        var change = client.Tokens.Create(Viewer);
        var unknown = await Assert.ThrowsAsync<OutcomeUnknownException>(() => change.Send("my key"));
        Assert.Equal("my key", unknown.IdempotencyKey);
        var made = await change.Send(unknown.IdempotencyKey);
        Assert.Equal(made.Id, (await change.Send("my key")).Id);
    }

    [Fact]
    public async Task A_service_that_cannot_be_reached_is_told_from_one_that_may_have_done_it()
    {
        using var handler = new FaultyHandler([.. Enumerable.Repeat(WireFault.NotSent, 9)]);
        var refused = await Assert.ThrowsAsync<CallFailedException>(
            () => service.ClientOf(service.Admin, handler).Tokens.Create(Viewer).Send());
        Assert.Null(refused.Status);
        Assert.Equal("unreachable", refused.Code);
        Assert.Equal(5, handler.Keys.Count);
    }

    [Fact]
    public async Task A_patch_that_takes_no_key_is_never_repeated()
    {
        var account = await service.Client.Accounts.Create(new NewAccount()).Send();
        using var handler = new FaultyHandler(WireFault.AnswerLost);
        var patch = new JsonPatch().Set("/fullname", "Other");
        var unknown = await Assert.ThrowsAsync<OutcomeUnknownException>(
            () => service.ClientOf(service.Admin, handler).Accounts.Patch(account.Id, patch).Send());
        Assert.Null(unknown.IdempotencyKey);
        Assert.Single(handler.Keys);
        Assert.Equal("Other", (await service.Client.Accounts.Get(account.Id)).Fullname);
    }

    [Theory]
    [InlineData(WireFault.NotSent)]
    [InlineData(WireFault.NotKept)]
    public async Task A_patch_that_was_never_sent_is_repeated(WireFault fault)
    {
        var account = await service.Client.Accounts.Create(new NewAccount()).Send();
        using var handler = new FaultyHandler(fault, fault);
        var client = service.ClientOf(service.Admin, handler);
        Assert.Equal(
            "Other",
            (await client.Accounts.Patch(account.Id, new JsonPatch().Set("/fullname", "Other")).Send()).Fullname);
    }

    [Fact]
    public async Task A_delete_whose_answer_was_lost_is_done_although_its_repetition_finds_nothing()
    {
        var account = await service.Client.Accounts.Create(new NewAccount()).Send();
        using var handler = new FaultyHandler(WireFault.AnswerLost);
        await service.ClientOf(service.Admin, handler).Accounts.Delete(account.Id).Send();
        Assert.Equal(2, handler.Keys.Count);
        var gone = await Assert.ThrowsAsync<CallFailedException>(
            () => service.Client.Accounts.Delete(account.Id).Send());
        Assert.Equal((HttpStatusCode.NotFound, "not-found"), (gone.Status, gone.Code));
    }

    [Fact]
    public async Task Retry_after_is_waited_for_where_it_is_short_and_told_where_it_is_long()
    {
        var clock = new FakeTimeProvider();
        using var handler = new FaultyHandler(WireFault.TooMany);
        var client = service.ClientOf(service.Admin, handler, options => options.Time = clock);
        var waiting = client.Tokens.List().Page();
        await Eventually.Holds(() => handler.Keys.Count == 1);
        Assert.False(waiting.IsCompleted);
        await Eventually.Holds(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return waiting.IsCompleted;
        });
        Assert.NotEmpty((await waiting).Items);

        using var impatient = new FaultyHandler(WireFault.TooMany);
        var refused = await Assert.ThrowsAsync<CallFailedException>(() => service.ClientOf(
            service.Admin, impatient, options => options.LongestPause = TimeSpan.FromMilliseconds(20)).Tokens.List().Page());
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        Assert.Single(impatient.Keys);
    }

    [Fact]
    public async Task A_call_ends_with_its_cancellation_and_not_with_another_attempt()
    {
        using var ending = new CancellationTokenSource();
        using var handler = new FaultyHandler([.. Enumerable.Repeat(WireFault.Unavailable, 9)]);
        var client = service.ClientOf(service.Admin, handler, options => options.FirstPause = TimeSpan.FromMinutes(1));
        var call = client.Tokens.Create(Viewer).Send(ending.Token);
        await Eventually.Holds(() => handler.Keys.Count == 1);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Single(handler.Keys);
    }
}
