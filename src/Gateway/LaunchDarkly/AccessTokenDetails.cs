using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Grants;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.LaunchDarkly;

/// <summary>
/// What LaunchDarkly's clients say about a token. Body of create; kept with the token as its claims, so that
/// introspection tells it too. One of <c>role</c>, <c>customRoleIds</c> and <c>inlineRole</c> says
/// what it may do; without any a new token is a reader.
/// </summary>
internal sealed record AccessTokenDetails : IRequestBody<AccessTokenDetails>
{
    public const int LatestVersion = 20240415;

    private const string Reader = "reader";
    private const string Writer = "writer";
    private const string Admin = "admin";
    private const string Owner = "owner";
    private const int MostStatements = 64;

    private static readonly int[] Versions = [20160426, 20191212, 20210729, 20220603, LatestVersion];

    public string? Name { get; init; }

    public string? Description { get; init; }

    public string? Role { get; init; }

    [JsonPropertyName("customRoleIds")]
    public IReadOnlyList<string>? CustomRoleIds { get; init; }

    [JsonPropertyName("inlineRole")]
    public IReadOnlyList<StatementWire>? InlineRole { get; init; }

    [JsonPropertyName("serviceToken")]
    public bool ServiceToken { get; init; }

    [JsonPropertyName("defaultApiVersion")]
    public int DefaultApiVersion { get; init; } = LatestVersion;

    /// <summary>The inline role, ready to be asked; null where there is none.</summary>
    [JsonIgnore]
    public InlineRole? Policy =>
        InlineRole is { Count: > 0 } statements ? new InlineRole([.. statements.Select(Statement)]) : null;

    /// <summary>The actions that it stands for; null where custom roles do.</summary>
    [JsonIgnore]
    public ActionSet? Actions => this switch
    {
        { Policy: { } policy } => policy.Reach(),
        { CustomRoleIds.Count: > 0 } => null,
        { Role: Admin or Owner } => ActionSet.Of("tokens:*"),
        _ => ActionSet.Of("tokens:list", "tokens:get"),
    };

    public static AccessTokenDetails Of(TokenView view) =>
        (view.Claims is { } claims ? JsonSerializer.Deserialize(claims, LaunchDarklyJson.Default.AccessTokenClaims)?.Launchdarkly : null)
        ?? new AccessTokenDetails();

    public string ToClaims() =>
        JsonSerializer.Serialize(new AccessTokenClaims(this), LaunchDarklyJson.Wire.AccessTokenClaims);

    /// <summary>
    /// Reads what a body says. Unknown fields are ignored. Null where something is wrong, which then stands in the
    /// fields' errors.
    /// </summary>
    public static AccessTokenDetails? Read(JsonFields fields)
    {
        var details = new AccessTokenDetails
        {
            Name = fields.Text("name"),
            Description = fields.Text("description"),
            Role = fields.Text("role"),
            CustomRoleIds = NotEmpty(Texts(fields, "customRoleIds", fields.Any("customRoleIds"))),
            InlineRole = NotEmpty(Statements(fields)),
            ServiceToken = fields.Flag("serviceToken") ?? false,
            DefaultApiVersion = Version(fields),
        };
        if (details.Role is not (null or Reader or Writer or Admin or Owner))
        {
            fields.Reject("role", "must be reader, writer or admin");
        }

        object?[] ways = [details.Role, details.CustomRoleIds, details.InlineRole];
        switch (ways.Count(way => way is not null))
        {
            case 0:
                details = details with { Role = Reader };
                break;
            case > 1:
                fields.Reject("role", "excludes customRoleIds and inlineRole, which exclude each other");
                break;
        }

        return fields.Errors.Count == 0 ? details : null;
    }

    private static IReadOnlyList<T>? NotEmpty<T>(IReadOnlyList<T>? list) => list is { Count: > 0 } ? list : null;

    private static int Version(JsonFields fields)
    {
        var version = fields.Number("defaultApiVersion") ?? LatestVersion;
        if (!Versions.Any(known => known == version))
        {
            fields.Reject("defaultApiVersion", $"must be one of {string.Join(", ", Versions)}");
        }

        return (int)Math.Clamp(version, 0, int.MaxValue);
    }

    private static List<string>? Texts(JsonFields fields, string name, JsonElement? value)
    {
        if (value is not { } list)
        {
            return null;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > BodyRules.MostItems
            || list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String
                || RequestError.TextOf(item) is not { Length: > 0 and <= 1024 }))
        {
            fields.Reject(name, $"must be an array of at most {BodyRules.MostItems} texts");
            return null;
        }

        return [.. list.EnumerateArray().Select(RequestError.TextOf).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    private static List<StatementWire>? Statements(JsonFields fields)
    {
        if (fields.Any("inlineRole") is not { } list)
        {
            return null;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostStatements)
        {
            fields.Reject("inlineRole", $"must be an array of at most {MostStatements} statements");
            return null;
        }

        List<StatementWire> statements = [];
        foreach (var (item, i) in list.EnumerateArray().Select((item, i) => (item, i)))
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                fields.Reject("inlineRole", $"{i} must be an object");
                return null;
            }

            statements.Add(ReadStatement(new JsonFields($"/inlineRole/{i}", item, fields.Errors)));
        }

        return statements;
    }

    private static StatementWire ReadStatement(JsonFields fields)
    {
        var statement = new StatementWire
        {
            Effect = fields.Text("effect", required: true) ?? "",
            Resources = NotEmpty(Texts(fields, "resources", fields.Any("resources"))),
            NotResources = NotEmpty(Texts(fields, "notResources", fields.Any("notResources"))),
            Actions = NotEmpty(Texts(fields, "actions", fields.Any("actions"))),
            NotActions = NotEmpty(Texts(fields, "notActions", fields.Any("notActions"))),
        };
        if (statement.Effect is not ("allow" or "deny"))
        {
            fields.Reject("effect", "must be allow or deny");
        }

        if (statement.Resources is null == statement.NotResources is null)
        {
            fields.Reject("resources", "or notResources must be given, and not both");
        }

        if (statement.Actions is null == statement.NotActions is null)
        {
            fields.Reject("actions", "or notActions must be given, and not both");
        }

        return statement;
    }

    private static RoleStatement Statement(StatementWire wire) => new(
        wire.Effect == "allow", List(wire.Resources), List(wire.NotResources), List(wire.Actions), List(
            wire.NotActions));

    private static ImmutableArray<string>? List(IReadOnlyList<string>? texts) => texts is null ? null : [.. texts];
}

/// <summary>The claims of a LaunchDarkly token.</summary>
internal sealed record AccessTokenClaims(AccessTokenDetails Launchdarkly);
