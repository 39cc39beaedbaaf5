using System.Text.Json.Nodes;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Integrations;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary>Body of <c>POST /v1/tokens</c>.</summary>
internal sealed record CreateTokenRequest(
    string? Name, string? Fullname, ResourcesWire Resources, string PermissionSet, string? TokenTtl)
    : IRequestBody<CreateTokenRequest>
{
    public static CreateTokenRequest? Read(JsonFields fields)
    {
        var (name, fullname) = SharedFields.Names(fields);
        var resources = fields.Object("resources", required: true) is { } r ? ResourcesWire.Read(r) : null;
        var set = SharedFields.PermissionSet(fields);
        var ttl = SharedFields.Ttl(fields, TokenProfile.Organization);
        fields.RefuseUnknown();
        return resources is null || set is null ? null : new CreateTokenRequest(name, fullname, resources, set, ttl);
    }
}

/// <summary>Body of <c>POST /v1/tokens/mcp</c>.</summary>
internal sealed record CreateMcpTokenRequest(string? TokenTtl, McpScope Scope) : IRequestBody<CreateMcpTokenRequest>
{
    public static CreateMcpTokenRequest? Read(JsonFields fields)
    {
        var ttl = SharedFields.Ttl(fields, TokenProfile.Mcp);
        var scope = fields.Object("scope", required: true) is { } s ? McpScope.Read(s) : null;
        fields.RefuseUnknown();
        return scope is null ? null : new CreateMcpTokenRequest(ttl, scope);
    }
}

/// <summary>What an MCP server may do with the token: a union on <see cref="Type"/>.</summary>
internal sealed record McpScope(
    string Type, string? Environment, string? AccountId, IReadOnlyList<string>? RestrictToConnectorOperations)
{
    public const string Management = "management";

    private static readonly string[] Types = [Management, "integration-usage", "developer"];

    /// <summary>
    /// What the token may do in the Management API: an integration's user looks, a developer has the whole account.
    /// </summary>
    public string PermissionSet => Type switch
    {
        Management => PermissionSets.McpManagement,
        "integration-usage" => PermissionSets.McpIntegrationsUseOnly,
        _ => PermissionSets.AccountManager,
    };

    /// <summary>The scope as the token's claim, with the account's id in place of its name.</summary>
    public JsonObject ToClaim(Guid? account)
    {
        var claim = new JsonObject { ["type"] = Type };
        if (account is not null)
        {
            claim["account_id"] = account.ToString();
        }
        else if (Environment is not null)
        {
            claim["environment"] = Environment;
        }

        if (RestrictToConnectorOperations is { } operations)
        {
            claim["restrict_to_connector_operations"] = new JsonArray(
                [.. operations.Select(operation => JsonValue.Create(operation))]);
        }

        return claim;
    }

    public static McpScope? Read(JsonFields fields)
    {
        var type = fields.Text("type", required: true);
        if (type is null || !Types.Contains(type))
        {
            if (type is not null)
            {
                fields.Reject("type", $"must be one of {string.Join(", ", Types)}");
            }

            return null;
        }

        var environment = type == Management ? SharedFields.Environment(fields) : null;
        var account = fields.Text("account_id", required: type != Management);
        var operations = type == "integration-usage" ? fields.Texts("restrict_to_connector_operations") : null;
        if (operations?.FirstOrDefault(operation => !ConnectorOperations.Ids.Contains(operation)) is { } strange)
        {
            fields.Reject("restrict_to_connector_operations", $"'{strange}' is no operation of a connector");
        }

        fields.RefuseUnknown();
        return new McpScope(type, environment, account, operations);
    }
}

/// <summary>Body of <c>POST /v1/tokens/{accountId}/{integrationId}</c>.</summary>
internal sealed record CreateIntegrationTokenRequest(string? Name, string? TokenTtl) : IRequestBody<CreateIntegrationTokenRequest>
{
    public static CreateIntegrationTokenRequest? Read(JsonFields fields)
    {
        var name = SharedFields.Name(fields);
        var ttl = SharedFields.Ttl(fields, TokenProfile.Integration);
        fields.RefuseUnknown();
        return new CreateIntegrationTokenRequest(name, ttl);
    }
}

/// <summary>Body of <c>POST /v1/tokens/synqly-integrations</c>.</summary>
internal sealed record CreateSynqlyIntegrationsTokenRequest(string? TokenTtl) : IRequestBody<CreateSynqlyIntegrationsTokenRequest>
{
    public static CreateSynqlyIntegrationsTokenRequest? Read(JsonFields fields)
    {
        var ttl = SharedFields.Ttl(fields, TokenProfile.SynqlyIntegrations);
        fields.RefuseUnknown();
        return new CreateSynqlyIntegrationsTokenRequest(ttl);
    }
}

/// <summary>The answer to <c>POST /v1/tokens/synqly-integrations</c>.</summary>
internal sealed record SynqlyIntegrationsToken(string AccountId, RefreshTokenWire Token);
