using System.Text.Json.Nodes;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Naming;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Json;

namespace TokenActors.Gateway.Tokens;

/// <summary>Body of <c>POST /v1/tokens</c>.</summary>
internal sealed record CreateTokenRequest(string? Name, string? Fullname, ResourcesWire Resources, string PermissionSet, string? TokenTtl)
{
    /// <summary>Null where something is wrong; <see cref="JsonFields.Errors"/> says what.</summary>
    public static CreateTokenRequest? Read(JsonFields fields)
    {
        var (name, fullname) = TokenFields.Names(fields);
        var resources = fields.Object("resources", required: true) is { } r ? ResourcesWire.Read(r) : null;
        var set = fields.Text("permission_set", required: true);
        if (set is not null && !PermissionSets.Exists(set))
        {
            fields.Reject("permission_set", $"must be one of {string.Join(", ", PermissionSets.Names)}");
        }

        var ttl = TokenFields.Ttl(fields, TokenProfile.Organization);
        fields.RefuseUnknown();
        return fields.Errors.Count > 0 ? null : new CreateTokenRequest(name, fullname, resources!, set!, ttl);
    }
}

/// <summary>Body of <c>POST /v1/tokens/mcp</c>.</summary>
internal sealed record CreateMcpTokenRequest(string? TokenTtl, McpScope Scope)
{
    public static CreateMcpTokenRequest? Read(JsonFields fields)
    {
        var ttl = TokenFields.Ttl(fields, TokenProfile.Mcp);
        var scope = fields.Object("scope", required: true) is { } s ? McpScope.Read(s) : null;
        fields.RefuseUnknown();
        return fields.Errors.Count > 0 ? null : new CreateMcpTokenRequest(ttl, scope!);
    }
}

/// <summary>What an MCP server may do with the token: a union on <see cref="Type"/>.</summary>
internal sealed record McpScope(string Type, string? Environment, string? AccountId, IReadOnlyList<string>? RestrictToConnectorOperations)
{
    public const string Management = "management";

    private static readonly string[] Types = [Management, "integration-usage", "developer"];

    /// <summary>What the token may do in the Management API: an integration's user looks, a developer has the whole account.</summary>
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
            claim["restrict_to_connector_operations"] = new JsonArray([.. operations.Select(operation => JsonValue.Create(operation))]);
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

        var environment = type == Management ? TokenFields.Environment(fields) : null;
        var account = fields.Text("account_id", required: type != Management);
        var operations = type == "integration-usage" ? fields.Texts("restrict_to_connector_operations") : null;
        fields.RefuseUnknown();
        return new McpScope(type, environment, account, operations);
    }
}

/// <summary>Body of <c>POST /v1/tokens/{accountId}/{integrationId}</c>.</summary>
internal sealed record CreateIntegrationTokenRequest(string? Name, string? TokenTtl)
{
    public static CreateIntegrationTokenRequest? Read(JsonFields fields)
    {
        var name = TokenFields.Name(fields);
        var ttl = TokenFields.Ttl(fields, TokenProfile.Integration);
        fields.RefuseUnknown();
        return fields.Errors.Count > 0 ? null : new CreateIntegrationTokenRequest(name, ttl);
    }
}

/// <summary>Body of <c>POST /v1/tokens/synqly-integrations</c>.</summary>
internal sealed record CreateSynqlyIntegrationsTokenRequest(string? TokenTtl)
{
    public static CreateSynqlyIntegrationsTokenRequest? Read(JsonFields fields)
    {
        var ttl = TokenFields.Ttl(fields, TokenProfile.SynqlyIntegrations);
        fields.RefuseUnknown();
        return fields.Errors.Count > 0 ? null : new CreateSynqlyIntegrationsTokenRequest(ttl);
    }
}

/// <summary>The answer to <c>POST /v1/tokens/synqly-integrations</c>.</summary>
internal sealed record SynqlyIntegrationsToken(string AccountId, RefreshTokenWire Token);

/// <summary>Fields that several bodies share.</summary>
internal static class TokenFields
{
    public static (string? Name, string? Fullname) Names(JsonFields fields)
    {
        var name = Name(fields);
        var fullname = fields.Text("fullname", longest: 256);
        return (name ?? (fullname is null ? null : Slug.Derive(fullname)), fullname);
    }

    public static string? Name(JsonFields fields, bool required = false)
    {
        if (fields.Text("name", required) is not { } name)
        {
            return null;
        }

        if (!Slug.TryNormalize(name, out var slug))
        {
            fields.Reject("name", $"must be 1 to {Slug.MaxLength} letters, digits, - or _");
        }

        return slug;
    }

    /// <summary>The duration as it was sent, checked against the profile's bounds.</summary>
    public static string? Ttl(JsonFields fields, TokenProfile profile)
    {
        if (fields.Text("token_ttl") is not { } text)
        {
            return null;
        }

        if (!GoDuration.TryParse(text, out var duration, out var problem))
        {
            fields.Reject("token_ttl", problem);
        }
        else if (profile.ProblemWith(duration.Value) is { } outside)
        {
            fields.Reject("token_ttl", outside);
        }

        return text;
    }

    public static string? Environment(JsonFields fields, bool required = false)
    {
        var environment = fields.Text("environment", required);
        if (environment is not (null or "test" or "prod"))
        {
            fields.Reject("environment", "must be test or prod");
        }

        return environment;
    }
}
