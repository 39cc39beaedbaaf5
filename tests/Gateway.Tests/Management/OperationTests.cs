using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TokenActors.Domain.Grants;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>
/// Every operation on tokens and on what they hang on: it is there, needs a bearer, needs its permission, finds nothing
/// of another organization, and succeeds with the declared shape.
/// </summary>
[Collection("service")]
public sealed partial class OperationTests(Service service)
{
    /// <summary>Things of one organization, for the parameters of paths.</summary>
    private sealed record World(string Bearer, Dictionary<string, string> Ids);

    public static TheoryData<string> Ids() => [.. Operation.All.Select(o => o.Id)];

    private static Operation Of(string id) => Operation.All.Single(o => o.Id == id);

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task An_operation_keeps_what_its_description_says(string id)
    {
        var operation = Of(id);
        var document = (await service.Get("/v1/meta/openapi/management", null)).Json;
        Assert.Equal(
            id, (string?)document["paths"]![operation.Path]?[operation.Method.ToLowerInvariant()]?["operationId"]);
        var world = await NewWorld(service.Admin, service.OrganizationId, operation);

        if (id != "auth_logon" && !id.StartsWith("meta_", StringComparison.Ordinal))
        {
            (await Send(operation, world, bearer: null)).IsProblem(HttpStatusCode.Unauthorized);
            (await Send(operation, world, "ta_org_" + new string('x', 71))).IsProblem(HttpStatusCode.Unauthorized);
        }

        if (operation.Action is not null)
        {
            var powerless = await Without(operation);
            Assert.True(
                (await Send(operation, world, powerless)).Status == HttpStatusCode.Forbidden || operation.Path.Contains("{refreshTokenId}"), $"{id} without its permission");
        }

        await FindsNothingOfOthers(operation, world);
        await Succeeds(operation, world, document);
    }

    /// <summary>Its own permission is enough, but where something is given that the bearer must have itself; all others
    /// are not.</summary>
    [Theory]
    [MemberData(nameof(IdsWithActions))]
    public async Task An_operation_needs_its_own_permission_and_no_other(string id)
    {
        var operation = Of(id);
        var world = await NewWorld(service.Admin, service.OrganizationId, operation);
        var others = ActionTable.Actions.Where(action => action != operation.Action);
        (await Send(operation, world, (await service.Limited(others)).Access)).Is(HttpStatusCode.Forbidden);
        IEnumerable<string> given = PermissionSets.Exists(Gives.GetValueOrDefault(id, ""))
            ? PermissionSets.ActionsOf(Gives[id]).Names()
            : [];
        (await Send(operation, world, (await service.Limited(given.Append(operation.Action!))).Access)).Is(operation.Success);
    }

    /// <summary>A password is changed by a session, which <see cref="Succeeds"/> has.</summary>
    public static TheoryData<string> IdsWithActions() =>
        [.. Operation.All.Where(o => o.Action is not (null or "auth:change_password")).Select(o => o.Id)];

    /// <summary>What an operation gives, or takes from somebody who has it: nobody gives or takes more than it
    /// has.</summary>
    private static readonly Dictionary<string, string> Gives = new()
    {
        ["roles_create"] = "viewer", ["roles_update"] = "viewer", ["roles_patch"] = "viewer", ["roles_delete"] = "viewer",
        ["tokens_create_token"] = "viewer", ["tokens_delete"] = "viewer", ["tokens_get"] = "viewer", ["tokens_reset"] = "viewer", ["tokens_rotate"] = "viewer",
        ["tokens_remove_secondary"] = "viewer", ["tokens_create_mcp_token"] = "mcp-management", ["members_update"] = "administrator",
        ["members_patch"] = "administrator", ["members_delete"] = "administrator", ["members_create"] = "administrator",
        ["subOrgs_create"] = "administrator", ["tokens_create_synqly_integrations_token"] = "administrator",
    };

    /// <summary>
    /// The document lists the fields that the reader takes, no more and no fewer: each documented field is known, an
    /// undocumented one is not, and what a create asks for is what the document calls required.
    /// </summary>
    [Theory]
    [MemberData(nameof(IdsWithObjects))]
    public async Task A_body_has_the_fields_that_the_document_says(string id)
    {
        var operation = Of(id);
        var world = await NewWorld(service.Admin, service.OrganizationId, operation);
        var bearer = id == "auth_change_password"
            ? (string)(await Logon(world)).Result["token"]!["access"]!["secret"]!
            : world.Bearer;
        var document = (await service.Get("/v1/meta/openapi/management", null)).Json;
        var schema = document["paths"]![operation.Path]![operation.Method.ToLowerInvariant()]!["requestBody"]!["content"]!["application/json"]!["schema"]!;
        var reference = (string)schema["$ref"]!;
        schema = document["components"]!["schemas"]![reference[(reference.LastIndexOf('/') + 1)..]]!;
        var fields = schema["properties"]!.AsObject().Select(property => property.Key).ToArray();

        var nulls = new JsonObject(
            fields.Append("no_such_field").Select(field => KeyValuePair.Create(field, (JsonNode?)null)));
        var unknown = Causes(await Send(operation, world, bearer, nulls)).Where(cause => cause.Message.Contains("is not a field")).Select(cause => cause.Id);
        Assert.Equal(["/no_such_field"], unknown);

        if (operation.Method == "POST")
        {
            var required = (schema["required"] as JsonArray ?? []).Select(field => "/" + (string)field!).Order();
            var answer = await Send(operation, world, bearer, new JsonObject { ["no_such_field"] = null });
            var missing = Causes(answer).Where(cause => cause.Message.EndsWith("is required", StringComparison.Ordinal)).Select(cause => cause.Id).Order();
            Assert.Equal(required, missing);
        }
    }

    public static TheoryData<string> IdsWithObjects() =>
        [.. Operation.All.Where(o => o.Body is not null and not "session" && o.Method != "PATCH").Select(o => o.Id)];

    private static IEnumerable<(string Id, string Message)> Causes(Answer answer) => answer.Is(HttpStatusCode.BadRequest).Json["cause"]!.AsArray()
        .Select(cause => ((string)cause!["context"]!["parameter"]!["id"]!, (string)cause["message"]!));

    private async Task FindsNothingOfOthers(Operation operation, World world)
    {
        if (!operation.Path.Contains('{')
            || operation.Id is "auth_logon" or "permissionset_get" or "capabilities_get_provider" or "tokens_refresh")
        {
            return;
        }

        var (_, _, stranger) = await service.NewOrganization();
        var foreign = await Send(operation, world, stranger.Access);
        var missing = await Send(
            operation, world with { Ids = world.Ids.ToDictionary(p => p.Key, p => Guid.NewGuid().ToString()) },
            stranger.Access);
        if (operation.Id.StartsWith("subOrgs_"))
        {
            foreign.IsProblem(HttpStatusCode.Forbidden);
            return;
        }

        foreign.IsProblem(HttpStatusCode.NotFound);
        missing.IsProblem(HttpStatusCode.NotFound);
        Assert.Equal((string)foreign.Json["message"]!, (string)missing.Json["message"]!);
    }

    private async Task Succeeds(Operation operation, World world, JsonObject document)
    {
        var bearer = operation.Id switch
        {
            "tokens_refresh" => world.Ids["refresh"],
            "auth_logoff" => (string)(await Logon(world)).Result["token"]!["access"]!["secret"]!,
            "auth_change_password" => (string)(await Logon(world)).Result["token"]!["access"]!["secret"]!,
            _ => world.Bearer,
        };
        if (await MakeOne(operation, world))
        {
            await Eventually.Finds<JsonArray>(
                async () => (await Send(operation, world, bearer)).Is(operation.Success).Result.AsArray(),
                list => list.Count > 0, operation.Id);
        }

        var answer = (await Send(operation, world, bearer)).Is(operation.Success);
        if (operation.Success == HttpStatusCode.NoContent)
        {
            Assert.Equal("", answer.Body);
            return;
        }

        var declared = document["paths"]![operation.Path]![operation.Method.ToLowerInvariant()]!["responses"]![((int)operation.Success).ToString()]!;
        Assert.Equal(
            "", Schemas.Mismatch(document, declared["content"]!["application/json"]!["schema"]!, answer.Json, "$"));
    }

    /// <summary>
    /// Lists of what has happened are empty until something does: makes one, so that its shape is looked at. False for
    /// every other operation.
    /// </summary>
    private async Task<bool> MakeOne(Operation operation, World world)
    {
        switch (operation.Id)
        {
            case "operations_list" or "operations_list_execution_history":
                await Done(service.Post($"/v1/integrations/{world.Ids["accountId"]}", world.Bearer, new
                {
                    provider_config = new { type = "siem_mock_siem" },
                    scheduled_operations = (object[])
                        [new { operation = "siem_query_events", enabled = true, frequency = new { type = "periodic", value = "30m" } }],
                }));
                return true;
            case "status_list_events":
                await Done(service.Post(
                    PathOf(operation, world).Replace("/events", "/report", StringComparison.Ordinal), world.Ids["integrationAccess"],
                    new { requests = 1, errors = (object[])[new { status = "timeout", error = "no answer" }] }));
                service.Clock.Advance(TimeSpan.FromMinutes(1));
                return true;
            case "bridges_get_status":
                await Done(service.Post(
                    PathOf(operation, world).Replace("/status", "/report", StringComparison.Ordinal), world.Ids["bridgeCredential"],
                    new { instance_id = "agent-1", local_config = new { version = "1", allow_addresses = (string[])["10.0.0.0/8"] } }));
                return true;
            case "organizationWebhooks_list":
                await Done(service.Post("/v1/organization/webhooks", world.Bearer, Operation.Webhook));
                return true;
            default:
                return false;
        }
    }

    private static async Task Done(Task<Answer> call)
    {
        var answer = await call;
        Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.NoContent, $"{answer}");
    }

    private Task<Answer> Send(Operation operation, World world, string? bearer, JsonObject body) =>
        service.Send(new HttpMethod(operation.Method), PathOf(operation, world), bearer, body);

    private static string PathOf(Operation operation, World world) => Parameter().Replace(operation.Path, match => world.Ids[match.Groups[1].Value switch
    {
        "organizationId" when operation.Id.StartsWith("subOrgs_") => "suborg",
        "ownerId" when operation.Id.StartsWith("tokens_") => "organizationId",
        var name => name,
    }]);

    private async Task<Answer> Send(Operation operation, World world, string? bearer)
    {
        var path = PathOf(operation, world);
        object? body = operation.Body switch
        {
            "itself" => await Itself(path, world),
            "logon" => new { name = world.Ids["memberName"], secret = "correct horse battery" },
            "password" => new { old_secret = "correct horse battery", new_secret = "correct horse battery staple" },
            "session" => null,
            "member" => new { name = $"m{Guid.NewGuid():N}@example.com", secret = "correct horse battery" },
            { } other => JsonSerializer.Serialize(other).Replace(
                "{id}", operation.Path == "/v1/organization" ? world.Ids["organizationId"] : path.Split('/')[^1]),
            null => null,
        };
        return await service.Send(new HttpMethod(operation.Method), path, bearer, body);
    }

    private async Task<JsonNode?> Itself(string path, World world) =>
        (await service.Get(path, world.Bearer)).Json["result"] ?? new JsonObject();

    private Task<Answer> Logon(World world) =>
        service.Post(
            $"/v1/auth/logon/{world.Ids["organizationId"]}", null,
            new { name = world.Ids["memberName"], secret = "correct horse battery" });

    /// <summary>A bearer that may do everything but this.</summary>
    private async Task<string> Without(Operation operation) => operation.Action!.StartsWith(
        "auth:", StringComparison.Ordinal)
        ? (await service.Create("token-issuer")).Access
        : operation.Action.Contains("token") ? (await service.Create("member")).Access : (await service.Create("token-issuer")).Access;

    private async Task<World> NewWorld(string bearer, string organization, Operation operation)
    {
        var account = Id((await service.Post("/v1/accounts", bearer, new { environment = "test" })).Is(HttpStatusCode.Created).Result["account"]!);
        var integration = (await service.Post($"/v1/integrations/{account}", bearer, new { provider_config = new { type = "siem_mock_siem" } })).Is(HttpStatusCode.Created).Result;
        var credential = Id((await service.Post($"/v1/credentials/{account}", bearer, new { config = new { type = "secret", secret = "s3cr3t-s3cr3t" } })).Is(HttpStatusCode.Created).Result);
        var bridge = (await service.Post($"/v1/bridges/{account}", bearer, new { })).Is(HttpStatusCode.Created).Result;
        var point = Id((await service.Post("/v1/integration-points", bearer, new { connector = "siem", environments = new { } })).Is(HttpStatusCode.Created).Result);
        var mapping = Id((await service.Post("/v1/mappings", bearer, new { data = "@" })).Is(HttpStatusCode.Created).Result["mapping"]!);
        await service.Post("/v1/mappings", bearer, new { name = "as-it-is", data = "@" });
        var role = Id((await service.Post("/v1/roles", bearer, new { permission_set = "viewer" })).Is(HttpStatusCode.Created).Result);
        var member = (await service.Post("/v1/members", bearer, new { name = $"m{Guid.NewGuid():N}@example.com", secret = "correct horse battery", role_binding = new[] { "administrator" } }))
            .Is(HttpStatusCode.Created).Result["member"]!;
        var webhook = operation.Path.Contains("{webhookId}")
            ? Id((await service.Post("/v1/organization/webhooks", bearer, Operation.Webhook)).Is(HttpStatusCode.Created).Result)
            : "";
        var suborg = Id(
            (await service.Post("/v1/suborgs", bearer, new { })).Is(HttpStatusCode.Created).Result["organization"]!);
        var token = await service.Create("viewer", bearer: bearer);
        return new World(bearer, new()
        {
            ["accountId"] = account, ["ownerId"] = account, ["integrationId"] = Id(integration["integration"]!), ["credentialId"] = credential, ["bridgeId"] = Id(bridge["bridge"]!),
            ["bridgeCredential"] = (string)bridge["credential"]!, ["integrationAccess"] = (string)integration["token"]!["access"]!["secret"]!,
            ["integrationPointId"] = point, ["providerId"] = "siem_elasticsearch", ["roleId"] = role, ["memberId"] = Id(member), ["memberName"] = (string)member["name"]!, ["organizationId"] = organization,
            ["mappingId"] = mapping, ["webhookId"] = webhook, ["permissionsetId"] = "viewer", ["refreshTokenId"] = token.Id, ["refresh"] = token.Refresh, ["suborg"] = suborg,
        });
    }

    private static string Id(JsonNode node) => (string)node["id"]!;

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameter();
}
