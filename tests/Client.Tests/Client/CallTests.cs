using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Client.Resources;
using TokenActors.Client.Tokens;
using TokenActors.Client.Webhooks;

namespace TokenActors.Client.Tests.Client;

/// <summary>Every call of the client against the service.</summary>
[Collection("service")]
public sealed class CallTests(RunningService service)
{
    private TokenActorsClient Client => service.Client;

    [Fact]
    public async Task A_token_goes_through_its_life()
    {
        var made = await Client.Tokens.Create(new NewToken
        {
            PermissionSet = "viewer", Life = "12h", Labels = ["ci"], Resources = new() { Accounts = new(["*"]) },
        }).Send();
        Assert.Equal(("adhoc", "active", "12h"), (made.Kind, made.State, made.Life));
        var patched = await Client.Tokens.Patch(made.Id, new TokenPatch { Description = "nightly", Labels = null }, made.Tag!).Send();
        Assert.Equal("nightly", patched.Description);
        Assert.Empty(patched.Labels);
        var stale = await Assert.ThrowsAsync<CallFailedException>(
            () => Client.Tokens.Patch(made.Id, new TokenPatch { Contact = "x@example.com" }, made.Tag!).Send());
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.Status);

        var rotated = await Client.Tokens.Rotate(made.Id, TimeProvider.System.GetUtcNow().AddHours(1)).Send();
        Assert.NotNull(rotated.Secondary?.Deadline);
        Assert.NotEqual(made.Secrets!.Access.Reveal(), rotated.Secrets!.Access.Reveal());
        await Client.Tokens.MoveDeadline(made.Id, TimeProvider.System.GetUtcNow().AddHours(2)).Send();
        Assert.Null((await Client.Tokens.RemoveSecondary(made.Id).Send()).Secondary);
        Assert.Equal("disabled", (await Client.Tokens.Disable(made.Id).Send()).State);
        Assert.Equal("active", (await Client.Tokens.Enable(made.Id).Send()).State);
        await Client.Tokens.Refresh(made.Id).Send();
        var reset = await Client.Tokens.Reset(made.Id).Send();
        Assert.Equal(
            [true, false],
            (await Client.Tokens.Introspect([reset.Secrets!.Access, rotated.Secrets.Access])).Select(i => i.Active));

        Assert.True((await Client.Tokens.Can(made.Id, "accounts:get", "organization")).Allowed);
        Assert.Equal(made.Id, (await Client.Tokens.Usage(made.Id, 1)).TokenId);
        Assert.Empty((await Client.Tokens.Descendants(made.Id).Page()).Items);
        await Client.Tokens.Delete(made.Id).Send();
        var gone = await Assert.ThrowsAsync<CallFailedException>(() => Client.Tokens.Get(made.Id));
        Assert.Equal((HttpStatusCode.NotFound, "not-found"), (gone.Status, gone.Code));
    }

    [Fact]
    public async Task A_preview_says_what_would_happen_and_changes_nothing()
    {
        var made = await Client.Tokens.Create(new NewToken { PermissionSet = "viewer" }).Send();
        var preview = await Client.Tokens.Delete(made.Id).Preview();
        Assert.Equal(
            (true, 204, "token.deleted", made.Id),
            (preview.WouldChange, preview.Status, preview.Change, preview.Subject?.Id));
        Assert.Equal("active", (await Client.Tokens.Get(made.Id)).State);
        Assert.False((await Client.Tokens.Enable(made.Id).Preview()).WouldChange);
    }

    [Fact]
    public async Task A_plan_revokes_what_it_chose_and_its_job_is_followed_to_the_end()
    {
        var label = Guid.NewGuid().ToString("N");
        for (var i = 0; i < 3; i++)
        {
            await Client.Tokens.Create(new NewToken { PermissionSet = "viewer", Labels = [label] }).Send();
        }

        var plan = await Client.Tokens.RevokeMany([$"labels[eq]{label}"]).Preview();
        Assert.Equal((3, 3), (plan.Affected?.Tokens, plan.Affected?.Kinds["adhoc"]));
        var job = await Client.Tokens.Revoke(plan.Id).Send();
        await foreach (var seen in Client.Jobs.Follow(job.Id, TimeSpan.FromMilliseconds(20)))
        {
            job = seen;
        }

        Assert.Equal(("done", 3, 3), (job.State, job.Total, job.Done));
        Assert.Equal("done", (await Client.Jobs.Stop(job.Id).Send()).State);
    }

    [Fact]
    public async Task Lists_are_read_page_by_page_and_item_by_item_on_both_apis()
    {
        var label = Guid.NewGuid().ToString("N");
        for (var i = 0; i < 5; i++)
        {
            await Client.Tokens.Create(new NewToken { PermissionSet = "viewer", Labels = [label] }).Send();
            await Client.Accounts.Create(new NewAccount { Labels = [label] }).Send();
        }

        var query = new ListQuery { Filters = [$"labels[eq]{label}"], Limit = 2 };
        Assert.Equal([2, 2, 1], (await All(Client.Tokens.List(query).Pages())).Select(page => page.Items.Count));
        Assert.Equal(5, (await All(Client.Tokens.List(query))).DistinctBy(token => token.Id).Count());
        Assert.Equal(5, (await All(Client.Accounts.List(query))).DistinctBy(account => account.Id).Count());
        var second = await Client.Tokens.List(query with { After = (await Client.Tokens.List(query).Page()).Next }).Page();
        Assert.Equal(2, second.Items.Count);
    }

    [Fact]
    public async Task What_is_wrong_with_a_body_is_told_with_its_place_by_both_apis()
    {
        var token = await Assert.ThrowsAsync<CallFailedException>(
            () => Client.Tokens.Create(new NewToken { PermissionSet = "viewer", Life = "forever", Uses = -1 }).Send());
        Assert.Equal(HttpStatusCode.BadRequest, token.Status);
        Assert.Equal(["/life", "/uses"], token.Errors.Select(error => error.Pointer).Order());
        var account = await Assert.ThrowsAsync<CallFailedException>(
            () => Client.Accounts.Create(new NewAccount { Environment = "moon" }).Send());
        Assert.Equal("/environment", Assert.Single(account.Errors).Pointer);
        Assert.Equal("invalid-request", account.Code);
    }

    [Fact]
    public async Task A_session_is_opened_renewed_and_ended()
    {
        var logOn = await service.ClientOf(null).Session.LogOn(
            service.Bootstrap("organization_id"), service.Bootstrap("member_name"), new Secret(
                service.Bootstrap("member_secret")));
        Assert.False(logOn.MustChangePassword);
        var session = service.ClientOf(logOn.Token.Access.Secret.Reveal());
        var identity = await session.Session.Identity();
        Assert.Equal((logOn.RefreshTokenId, logOn.Member.Name), (identity.Token.Id, identity.Member?.Name));
        var renewed = await service.ClientOf(null).Session.Refresh(logOn.Token.Refresh!.Secret).Send();
        Assert.Equal(logOn.RefreshTokenId, renewed.Id);
        await service.ClientOf(renewed.Primary.Access.Secret.Reveal()).Session.LogOff();
        var ended = await Assert.ThrowsAsync<CallFailedException>(() => session.Session.Identity());
        Assert.Equal(HttpStatusCode.Unauthorized, ended.Status);
    }

    [Fact]
    public async Task Resources_are_made_changed_listed_and_deleted()
    {
        var role = await Client.Roles.Create(new NewRole { PermissionSet = "viewer" }).Send();
        var member = await Client.Members.Create(new NewMember
        {
            Name = $"{Guid.NewGuid():N}@example.com", Secret = new Secret("correct horse battery"), RoleBinding = [role.Name],
        }).Send();
        Assert.Equal([role.Name], member.RoleBinding);
        Assert.Equal(
            "Anna", (await Client.Members.Patch(member.Id, new JsonPatch().Set("/fullname", "Anna")).Send()).Fullname);
        Assert.Equal(1, (await Client.Roles.Delete(role.Id).Preview()).Affected?.Members);
        Assert.Contains(await All(Client.Roles.List()), listed => listed.Id == role.Id);

        var account = await Client.Accounts.Create(new NewAccount { Environment = "test" }).Send();
        var integration = await Client.Integrations.Create(account.Id, new NewIntegration
        {
            ProviderConfig = new JsonObject
            {
                ["type"] = "siem_mock_siem", ["name"] = "mock",
            },
        }).Send();
        Assert.NotEmpty(integration.Token.Access.Secret.Reveal());
        Assert.Equal(
            integration.Integration.Id, (await Client.Integrations.Get(account.Id, integration.Integration.Id)).Id);
        Assert.Single(await All(Client.Integrations.List(account.Id)));
        var credential = await Client.Credentials.Create(account.Id, new NewCredential
        {
            Config = new JsonObject { ["type"] = "token", ["secret"] = "hidden" },
        }).Send();
        Assert.Equal("token", (await Client.Credentials.Get(account.Id, credential.Id)).Config?.Type);
        await Client.Credentials.Delete(account.Id, credential.Id).Send();
        await Client.Integrations.Delete(account.Id, integration.Integration.Id).Send();
        await Client.Members.Delete(member.Id).Send();
        Assert.Equal(service.Bootstrap("organization_id"), (await Client.Organization.Get()).Id);
        Assert.Contains(await Client.Organization.PermissionSets(), set => set.Name == "viewer");
    }

    [Fact]
    public async Task The_policy_is_read_previewed_and_replaced()
    {
        var policy = await Client.Policy.Get();
        var wanted = policy with { NoticeDays = [10, 2] };
        Assert.True((await Client.Policy.Set(wanted, policy.Tag!).Preview()).WouldChange);
        var changed = await Client.Policy.Set(wanted, policy.Tag!).Send();
        Assert.Equal([10, 2], changed.NoticeDays);
        await Client.Policy.Set(policy, changed.Tag!).Send();
        await Client.Policy.Breaches(new() { Limit = 1 }).Page();
    }

    [Fact]
    public async Task The_trail_is_listed_and_a_history_read()
    {
        var made = await Client.Tokens.Create(new NewToken { PermissionSet = "viewer" }).Send();
        var rows = await Client.Audit.List(new() { Filters = [$"subject_id[eq]{made.Id}"] }).Page();
        Assert.Equal("token.issued", Assert.Single(rows.Items).Event);
        Assert.Equal("token.issued", Assert.Single((await Client.Tokens.History(made.Id).Page()).Items).Event);
        Assert.All(await All(Client.Audit.Export()), row => Assert.NotNull(row.Cursor));
    }

    [Fact]
    public async Task A_webhook_is_made_changed_tested_and_deleted()
    {
        var made = await Client.Webhooks.Create(new NewWebhook
        {
            Url = new Uri("http://127.0.0.1:9/hook"), Types = ["token.rotated"],
        }).Send();
        Assert.StartsWith("whsec_", made.Secret!.Reveal(), StringComparison.Ordinal);
        Assert.Equal(["token.reset"], (await Client.Webhooks.Patch(made.Id, new WebhookPatch().Set("types", ["token.reset"]), made.Tag!).Send()).Types);
        var queued = await Client.Webhooks.Test(made.Id).Send();
        var delivery = Assert.Single((await Client.Webhooks.Deliveries(made.Id).Page()).Items);
        Assert.Equal((queued.DeliveryId, "webhook.test"), (delivery.Id, delivery.Type));
        Assert.Equal(
            0, (await Client.Webhooks.Replay(made.Id, TimeProvider.System.GetUtcNow().AddDays(-1)).Send()).Count);
        Assert.NotEqual(made.Secret.Reveal(), (await Client.Webhooks.RotateSecret(made.Id).Send()).Secret.Reveal());
        Assert.False((await Client.Webhooks.Disable(made.Id).Send()).Enabled);
        Assert.True((await Client.Webhooks.Enable(made.Id).Send()).Enabled);
        Assert.Contains(await All(Client.Webhooks.List()), listed => listed.Id == made.Id);
        await Client.Webhooks.Delete(made.Id).Send();
    }

    [Fact]
    public async Task The_stream_of_revocations_names_what_was_deleted()
    {
        var made = await Client.Tokens.Create(new NewToken { PermissionSet = "viewer" }).Send();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var isDeleted = false;
        await foreach (var happened in Client.Revocations.Follow(cancellation: deadline.Token))
        {
            if (happened.Kind == "heartbeat" && !isDeleted)
            {
                Assert.NotNull(happened.UpTo);
                await Client.Tokens.Delete(made.Id).Send(deadline.Token);
                isDeleted = true;
            }

            if (happened is { Kind: "revoked" } && happened.TokenId == made.Id)
            {
                return;
            }
        }

        Assert.Fail("the stream ended without it");
    }

    [Theory]
    [InlineData("ta_org_0351o2tvIDmPb2ZHzhVmuFIDOQ1gLvsqQSNAGzasrWKzXV6o84lZXCD9GD5g2evU03Pw7SZ", "ta_org_…w7SZ")]
    [InlineData("hunter2", "…")]
    public void A_secret_shows_itself_masked(string text, string shown)
    {
        var secret = new Secret(text);
        Assert.Equal(shown, secret.ToString());
        Assert.Equal(shown, $"{secret}");
        Assert.DoesNotContain(text, new TokenSecrets(secret, secret).ToString(), StringComparison.Ordinal);
        Assert.Equal(text, secret.Reveal());
    }

    private static async Task<List<T>> All<T>(IAsyncEnumerable<T> items)
    {
        List<T> all = [];
        await foreach (var item in items)
        {
            all.Add(item);
        }

        return all;
    }
}
