using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Facades;

/// <summary>
/// What Terraform's providers ask in the life of a token, in their order: create, read, plan, update, rotate, import,
/// delete. After each step they read, and a field that is not as it was answered would be a change that nobody asked
/// for.
/// </summary>
[Collection("service")]
public sealed class TerraformTests(Service service)
{
    [Theory]
    [InlineData("accounts")]
    [InlineData("zones")]
    public async Task A_service_token_of_cloudflares_provider_never_drifts(string scope)
    {
        var all = $"/client/v4/{scope}/{Guid.Parse(service.OrganizationId):N}/access/service_tokens";
        var created = (await service.Post(all, service.Admin, new { name = "tf", duration = "8760h", client_secret_version = 1 })).Is(HttpStatusCode.Created).Result;
        var (one, first) = ($"{all}/{created["id"]}", (string)created["client_secret"]!);
        async Task<JsonObject> Read() =>
            (await service.Get(one, service.Admin)).Is(HttpStatusCode.OK).Result.AsObject();
        async Task<JsonNode> Apply(object wanted) =>
            (await service.Send(HttpMethod.Put, one, service.Admin, wanted)).Is(HttpStatusCode.OK).Result;
        await HasNoDrift(created, Read);

        var renamed = await Apply(new { name = "tf renamed", duration = "720h", client_secret_version = 1 });
        Assert.Null(renamed["client_secret"]);
        Assert.Equal(
            ("tf renamed", "720h", 1),
            ((string)renamed["name"]!, (string)renamed["duration"]!, (int)renamed["client_secret_version"]!));
        Assert.True(await Passes(created, first));
        await HasNoDrift(renamed, Read);

        var grace = service.Clock.GetUtcNow().AddHours(1);
        var rotated = await Apply(new { name = "tf renamed", duration = "720h", client_secret_version = 2, previous_client_secret_expires_at = grace });
        var second = (string)rotated["client_secret"]!;
        Assert.True(await Passes(created, first) && await Passes(created, second));
        await HasNoDrift(rotated, Read);

        // The same plan is applied once more: it rotates nothing.
        var again = await Apply(new { name = "tf renamed", duration = "720h", client_secret_version = 2, previous_client_secret_expires_at = grace });
        Assert.Null(again["client_secret"]);
        await HasNoDrift(again, Read);
        await Apply(new { name = "tf renamed", duration = "720h", client_secret_version = 2, previous_client_secret_expires_at = service.Clock.GetUtcNow().AddHours(-1) });
        Assert.False(await Passes(created, first));
        Assert.True(await Passes(created, second));
        if (scope == "accounts")
        {
            await HasNoDrift(
                (await service.Post($"{one}/refresh", service.Admin, null)).Is(HttpStatusCode.OK).Result, Read);
            Assert.Equal("720h", (string)(await Read())["duration"]!);
        }

        // Another machine imports it by its id, and plans the same configuration.
        var imported = await Read();
        Assert.False(imported.ContainsKey("client_secret"));
        Assert.Equal(
            ("tf renamed", "720h", 2, (string)created["client_id"]!),
            ((string)imported["name"]!, (string)imported["duration"]!, (int)imported["client_secret_version"]!, (string)imported["client_id"]!));
        await HasNoDrift(imported, Read);

        (await service.Delete(one, service.Admin)).Is(HttpStatusCode.OK);
        (await service.Get(one, service.Admin)).Is(HttpStatusCode.NotFound);
        Assert.False(await Passes(created, second));
    }

    [Fact]
    public async Task An_access_token_of_launchdarklys_provider_never_drifts()
    {
        const string all = "/api/v2/tokens";
        var role = $"tf-{Guid.NewGuid():N}"[..20];
        (await service.Post("/v1/roles", service.Admin, new { name = role, permission_set = "viewer" })).Is(HttpStatusCode.Created);
        var created = (await Send(
            HttpMethod.Post, all, service.Admin,
            new { name = "tf", role = "reader", serviceToken = true, defaultApiVersion = 20240415 }))
            .Is(HttpStatusCode.Created).Json;
        var (one, first) = ($"{all}/{created["_id"]}", (string)created["token"]!);
        async Task<JsonObject> Read() => (await Send(HttpMethod.Get, one, service.Admin)).Is(HttpStatusCode.OK).Json;
        async Task<JsonObject> Apply(string patch) =>
            (await Send(HttpMethod.Patch, one, service.Admin, patch)).Is(HttpStatusCode.OK).Json;
        await HasNoDrift(created, Read);

        var renamed = await Apply("""[{"op":"replace","path":"/name","value":"tf renamed"},{"op":"replace","path":"/role","value":"writer"}]""");
        Assert.Equal(("tf renamed", "writer", true, 20240415), Shape(renamed));
        await HasNoDrift(renamed, Read);

        // The provider reads each of the roles that it gave.
        var custom = await Apply($$"""
            [{"op":"replace","path":"/name","value":"tf renamed"},{"op":"remove","path":"/role"},{"op":"replace","path":"/customRoleIds","value":["{{role}}"]}]
            """);
        Assert.Equal(role, (string?)Assert.Single(custom["customRoleIds"]!.AsArray()));
        Assert.Equal(role, (string)(await Send(HttpMethod.Get, $"/api/v2/roles/{role}", service.Admin)).Is(HttpStatusCode.OK).Json["key"]!);
        await HasNoDrift(custom, Read);
        await HasNoDrift(await Apply("""[{"op":"replace","path":"/name","value":"tf renamed"}]"""), Read);

        var rotated = (await Send(HttpMethod.Post, $"{one}/reset", service.Admin)).Is(HttpStatusCode.OK).Json;
        var second = (string)rotated["token"]!;
        Assert.Equal(HttpStatusCode.Unauthorized, (await Send(HttpMethod.Get, one, first)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Send(HttpMethod.Get, one, second)).Status);
        await HasNoDrift(rotated, Read);

        var imported = await Read();
        Assert.Equal(second[^4..], (string)imported["token"]!);
        await HasNoDrift(imported, Read);
        (await Send(HttpMethod.Delete, one, service.Admin)).Is(HttpStatusCode.NoContent);
        (await Send(HttpMethod.Get, one, service.Admin)).Is(HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Send(HttpMethod.Get, all, second)).Status);

        static (string, string, bool, int) Shape(JsonObject token) =>
            ((string)token["name"]!, (string)token["role"]!, (bool)token["serviceToken"]!, (int)token["defaultApiVersion"]!);
    }

    /// <summary>Two reads in a row are what the last change answered, but for the secret, which is shown once, and for
    /// what counts uses.</summary>
    private static async Task HasNoDrift(JsonNode answered, Func<Task<JsonObject>> read)
    {
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(Known(answered), Known(await read()));
        }

        static string Known(JsonNode token)
        {
            var known = token.DeepClone().AsObject();
            foreach (var field in new[] { "client_secret", "token", "last_seen_at", "lastUsed" })
            {
                known.Remove(field);
            }

            return known.ToJsonString();
        }
    }

    private Task<Answer> Send(HttpMethod method, string path, string bearer, object? body = null) =>
        service.Send(method, path, [("Authorization", bearer)], body);

    private async Task<bool> Passes(JsonNode token, string secret) => (await service.Send(
        HttpMethod.Get, "/access/verify", [("CF-Access-Client-Id", (string)token["client_id"]!), ("CF-Access-Client-Secret", secret)])).Status == HttpStatusCode.OK;
}
