using System.Text.Json.Nodes;

namespace TokenActors.Client.Tokens;

/// <summary>A token that is to be made.</summary>
public sealed record NewToken
{
    /// <summary><c>adhoc</c> (default), <c>mcp</c> or <c>integration</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Unique among the living tokens of the organization; null: the service makes one.</summary>
    public string? Name { get; init; }

    /// <summary>Its name for people.</summary>
    public string? FullName { get; init; }

    /// <summary>What it may do, such as <c>viewer</c>; an integration's token has none.</summary>
    public string? PermissionSet { get; init; }

    /// <summary>What it is narrowed to; null: to what the bearer is.</summary>
    public Resources? Resources { get; init; }

    /// <summary>How long its access secrets live, such as <c>12h</c>.</summary>
    public string? Life { get; init; }

    /// <summary>The integration that an integration's token opens.</summary>
    public string? IntegrationId { get; init; }

    /// <summary>The audience of an MCP token.</summary>
    public string? Resource { get; init; }

    /// <summary>The tools that an MCP token may use.</summary>
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>An MCP token that changes nothing.</summary>
    public bool? ReadOnly { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Words to find it by, at most 16.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Whom to ask about it.</summary>
    public string? Contact { get; init; }

    /// <summary>Addresses and CIDR ranges from which it is accepted; null: those of the bearer.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>How often it is accepted in all.</summary>
    public long? Uses { get; init; }

    /// <summary>How often a second it is accepted.</summary>
    public int? PerSecond { get; init; }

    /// <summary>How often at once.</summary>
    public int? Burst { get; init; }

    /// <summary>What it dies with: <c>parent</c> (default), <c>member</c> or <c>organization</c>.</summary>
    public string? BelongsTo { get; init; }
}

/// <summary>
/// A change of what describes and bounds a token, as a JSON merge patch: what is not set stays, what is set to null is
/// removed.
/// </summary>
public sealed class TokenPatch
{
    internal JsonObject Fields { get; } = [];

    /// <summary>Nothing was set.</summary>
    public bool IsEmpty => Fields.Count == 0;

    /// <summary>What it is for.</summary>
    public string? Description
    {
        get => (string?)Fields["description"];
        set => Fields["description"] = value;
    }

    /// <summary>Words to find it by, in place of those that it has.</summary>
    public IReadOnlyList<string>? Labels
    {
        get => ListOf("labels");
        set => Fields["labels"] = NodeOf(value);
    }

    /// <summary>Whom to ask about it.</summary>
    public string? Contact
    {
        get => (string?)Fields["contact"];
        set => Fields["contact"] = value;
    }

    /// <summary>How long its access secrets live; another life than it has begins now.</summary>
    public string? Life
    {
        get => (string?)Fields["life"];
        set => Fields["life"] = value;
    }

    /// <summary>Addresses and CIDR ranges from which it is accepted.</summary>
    public IReadOnlyList<string>? Addresses
    {
        get => ListOf("addresses");
        set => Fields["addresses"] = NodeOf(value);
    }

    /// <summary>How often it is accepted in all, counting the uses before.</summary>
    public long? Uses
    {
        get => (long?)Fields["uses"];
        set => Fields["uses"] = value;
    }

    /// <summary>How often a second it is accepted.</summary>
    public int? PerSecond
    {
        get => (int?)Fields["per_second"];
        set => Fields["per_second"] = value;
    }

    /// <summary>How often at once.</summary>
    public int? Burst
    {
        get => (int?)Fields["burst"];
        set => Fields["burst"] = value;
    }

    private static JsonArray? NodeOf(IReadOnlyList<string>? words) =>
        words is null ? null : [.. words.Select(word => JsonValue.Create(word))];

    private string[]? ListOf(string name) =>
        Fields[name] is JsonArray words ? [.. words.Select(word => (string?)word ?? "")] : null;
}

internal sealed record RotateBody(DateTimeOffset? Deadline, DateTimeOffset? MintedAt = null);

internal sealed record RevokeBody(IReadOnlyList<string>? Filter, string? Plan);

internal sealed record IntrospectBody(IReadOnlyList<string> Tokens, string? TokenTypeHint, string? ClientIp);

internal sealed record LeakBody(IReadOnlyList<string> Secrets);
