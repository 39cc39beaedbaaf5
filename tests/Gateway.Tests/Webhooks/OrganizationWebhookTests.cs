using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Webhooks;

/// <summary>Webhooks made on <c>/v1</c>, and what they are sent.</summary>
[Collection("webhooks")]
public sealed class OrganizationWebhookTests(WebhookService service) : IAsyncLifetime
{
    private Receiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await Receiver.Start();

    public async Task DisposeAsync()
    {
        foreach (var webhook in (await service.Get("/v1/organization/webhooks?limit=1000", service.Admin)).Result.AsArray())
        {
            await service.Delete($"/v1/organization/webhooks/{webhook!["id"]}", service.Admin);
        }

        await _receiver.DisposeAsync();
    }

    /// <summary>A whole object that was read before it was switched off does not switch it on again.</summary>
    [Fact]
    public async Task A_replacement_leaves_a_webhook_off_that_was_switched_off_meanwhile()
    {
        var id = await service.Webhook(_receiver.Url);
        var path = $"/v1/organization/webhooks/{id}";
        var grain = service.Grains.GetGrain<Grains.Abstractions.Webhooks.IOrganizationWebhookGrain>(id);
        var before = (await grain.Get(new() { OrganizationId = new(Guid.Parse(service.OrganizationId)) })).Resource!;
        (await service.Post($"/lifecycle/v1/webhooks/{id}/disable", service.Admin, null)).Is(HttpStatusCode.OK);
        var replaced = await grain.Update(new()
        {
            Context = new() { CommandId = Guid.NewGuid() }, Name = before.Name, FullName = "Renamed", Content = before.Content, Verb = "update",
        });
        Assert.Null(replaced.Refusal);
        Assert.NotNull(replaced.Resource!.Content.Webhook!.DisabledAt);
        var whole = (await service.Get(path, service.Admin)).Is(HttpStatusCode.OK).Result;
        whole["fullname"] = "Again";
        (await service.Send(HttpMethod.Put, path, service.Admin, whole)).Is(HttpStatusCode.OK);
        Assert.False((bool)(await service.Get($"/lifecycle/v1/webhooks/{id}", service.Admin)).Json["enabled"]!);
    }

    [Fact]
    public async Task A_webhook_is_sent_accounts_as_they_are_read_signed_as_its_vendor_does()
    {
        await service.Webhook(_receiver.Url);
        var id = await service.Account(new { labels = new[] { "b", "a" }, environment = "test", fullname = "Ünïcode" });
        var account = (await service.Get($"/v1/accounts/{id}", service.Admin)).Result;
        var created = (await _receiver.Wait(1))[0];
        Assert.Equal("account_create", (string?)created.Json["event"]);
        Assert.Equal(created.Id, (string?)created.Json["nonce"]);
        Assert.True(JsonNode.DeepEquals(account, created.Json["account"]), $"{account} {created.Body}");
        Assert.Null(created.Json["integration"]);
        Assert.Equal("application/json", created.Headers["content-type"]);
        Assert.Equal(
            Convert.ToHexStringLower(HMACSHA256.HashData("a-signing-secret"u8, Encoding.UTF8.GetBytes(created.Body))),
            created.Headers["X-Synqly-Signature"]);
        Assert.StartsWith("v1,", created.Headers["webhook-signature"]);
        Assert.DoesNotContain("secret", created.Body, StringComparison.OrdinalIgnoreCase);

        (await service.Delete($"/v1/accounts/{id}", service.Admin)).Is(HttpStatusCode.NoContent);
        var deleted = (await _receiver.Wait(1, got => got.Type == "account_delete"))[0];
        Assert.Equal(id, (string?)deleted.Json["account"]!["id"]);
        Assert.NotEqual(created.Id, deleted.Id);
    }

    [Fact]
    public async Task An_integration_is_sent_as_it_is_read_and_filters_let_through_what_they_say()
    {
        await service.Webhook(_receiver.Url, "s", "integration_create", "integration_update");
        var account = await service.Account();
        var made = (await service.Post($"/v1/integrations/{account}", service.Admin, new
        {
            provider_config = new { type = "sink_http", url = "https://x", authorization = new { type = "o_auth_client", client_id = "c", client_secret = "hunter2" } },
        })).Is(HttpStatusCode.Created).Result["integration"]!;
        var created = (await _receiver.Wait(1))[0];
        Assert.Equal("integration_create", created.Type);
        var path = $"/v1/integrations/{account}/{made["id"]}";
        var read = (await service.Get(path, service.Admin)).Result;
        Assert.True(JsonNode.DeepEquals(read, created.Json["integration"]), $"{read} {created.Body}");
        Assert.DoesNotContain("hunter2", created.Body);

        (await service.Send(HttpMethod.Patch, path, service.Admin, new[] { new { op = "replace", path = "/fullname", value = "Other" } })).Is(HttpStatusCode.OK);
        await _receiver.Wait(1, got => got.Type == "integration_update");
        Assert.Equal(["integration_create", "integration_update"], _receiver.All.Select(got => got.Type));
    }

    [Fact]
    public async Task The_secret_is_a_credential_that_goes_with_the_webhook_and_can_be_replaced()
    {
        var id = await service.Webhook(_receiver.Url, "first");
        var webhook = (await service.Get($"/v1/organization/webhooks/{id}", service.Admin)).Result;
        var credential = $"/v1/credentials/{id}/{webhook["credential_id"]}";
        var read = (await service.Get(credential, service.Admin)).Is(HttpStatusCode.OK);
        Assert.Equal(
            ("organization_webhook", id),
            ((string?)read.Result["owner_type"], (string?)read.Result["organization_webhook_id"]));
        Assert.DoesNotContain("first", read.Body);
        (await service.Delete(credential, service.Admin)).Is(HttpStatusCode.Conflict);
        (await service.Send(HttpMethod.Put, credential, service.Admin, new
        {
            id = (string?)read.Result["id"], name = (string?)read.Result["name"], fullname = "Signing secret", config = new { type = "secret", secret = "second" },
        })).Is(HttpStatusCode.OK);
        await service.Account();
        var got = (await _receiver.Wait(1))[0];
        Assert.Equal(
            Convert.ToHexStringLower(HMACSHA256.HashData("second"u8, Encoding.UTF8.GetBytes(got.Body))),
            got.Headers["X-Synqly-Signature"]);
        (await service.Delete($"/v1/organization/webhooks/{id}", service.Admin)).Is(HttpStatusCode.NoContent);
        (await service.Get($"/v1/credentials/lookup/{webhook["credential_id"]}", service.Admin)).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_operation_that_has_run_is_told()
    {
        await service.Webhook(_receiver.Url, "s", "operation_complete");
        var account = await service.Account();
        var made = (await service.Post($"/v1/integrations/{account}", service.Admin, new
        {
            provider_config = new { type = "siem_mock_siem" },
            scheduled_operations = new[] { new { operation = "siem_query_events", enabled = true, frequency = new { type = "periodic", value = "30m" } } },
        })).Is(HttpStatusCode.Created).Result["integration"]!;
        var told = (await _receiver.Wait(1))[0].Json;
        Assert.Equal("operation_complete", (string?)told["event"]);
        Assert.Equal((string?)made["id"], (string?)told["operation"]!["integration_id"]);
        Assert.Equal("COMPLETE", (string?)told["operation"]!["status"]);
    }

    [Theory]
    [InlineData("ftp://example.com/x")]
    [InlineData("https://user:secret@example.com/x")]
    [InlineData("https://10.1.2.3/x")]
    [InlineData("https://[::ffff:10.1.2.3]/x")]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("https://[fd00::1]/x")]
    [InlineData("//example.com")]
    [InlineData("")]
    public async Task A_url_that_events_must_not_go_to_is_refused(string url)
    {
        (await service.Post(
            "/v1/organization/webhooks", service.Admin,
            new { filters = new[] { "all" }, url, secret = new { value = "s" } }))
            .IsProblem(HttpStatusCode.BadRequest, "/url");
        var id = await service.Webhook(_receiver.Url);
        (await service.Send(
            HttpMethod.Patch, $"/v1/organization/webhooks/{id}", service.Admin,
            new[] { new { op = "replace", path = "/url", value = url } }))
            .IsProblem(HttpStatusCode.BadRequest, "/url");
    }

    /// <summary>Of another type nothing would sign what is sent.</summary>
    [Fact]
    public async Task Its_credential_keeps_its_type_and_takes_another_secret()
    {
        var path = $"/v1/credentials/{await service.Webhook(_receiver.Url)}";
        var whole = (await service.Get(path, service.Admin)).Is(HttpStatusCode.OK).Result[0]!;
        whole["config"] = JsonNode.Parse("""{"type":"o_auth_client","client_id":"i","client_secret":"two"}""");
        (await service.Send(HttpMethod.Put, $"{path}/{whole["id"]}", service.Admin, whole)).IsProblem(
            HttpStatusCode.BadRequest, "/config/type");
        whole["config"] = JsonNode.Parse("""{"type":"secret","secret":"another"}""");
        (await service.Send(HttpMethod.Put, $"{path}/{whole["id"]}", service.Admin, whole)).Is(HttpStatusCode.OK);
        await service.Account();
        var created = (await _receiver.Wait(1))[0];
        Assert.Equal(
            Convert.ToHexStringLower(HMACSHA256.HashData("another"u8, Encoding.UTF8.GetBytes(created.Body))),
            created.Headers["X-Synqly-Signature"]);
    }

    [Fact]
    public async Task An_organization_has_twenty_and_no_more()
    {
        for (var i = 0; i < 20; i++)
        {
            await service.Webhook(_receiver.Url);
        }

        (await service.Post(
            "/v1/organization/webhooks", service.Admin,
            new { filters = new[] { "all" }, url = _receiver.Url, secret = new { value = "s" } }))
            .Is(HttpStatusCode.BadRequest);
    }
}
