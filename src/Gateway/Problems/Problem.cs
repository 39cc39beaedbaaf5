using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Lists;

namespace TokenActors.Gateway.Problems;

/// <summary>Body of every error of the Management API.</summary>
internal sealed record Problem
{
    public required string Message { get; init; }

    public string? Detail { get; init; }

    public string? Remediation { get; init; }

    public ProblemContext? Context { get; init; }

    public string? Type { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required int Status { get; init; }

    public required string Instance { get; init; }

    public IReadOnlyList<ProblemCause>? Cause { get; init; }
}

internal sealed record ProblemCause(string Message, string Type, ProblemContext? Context = null);

internal sealed record ProblemContext(ProblematicParameter? Parameter = null, IReadOnlyList<ResourceReference>? Resources = null);

/// <summary>What was wrong: a JSON Pointer for the body, else the parameter's name.</summary>
internal sealed record ProblematicParameter(string Id, string Location, JsonNode? Value = null);

internal sealed record ResourceReference(string Type, string Id, string Rel);

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Location"><c>body</c>, <c>query</c>, <c>path</c> or <c>header</c></param>
internal sealed record RequestError(string Id, string Location, string Message, JsonNode? Value = null)
{
    private const int LongestEcho = 100;

    public ProblemContext ToContext() => new(new ProblematicParameter(Id, Location, Value));

    /// <summary>Short plain values are shown back; whatever may hold a secret is not.</summary>
    public static JsonNode? Echo(string id, JsonElement value) =>
        id.EndsWith("secret", StringComparison.Ordinal) || value.GetRawText().Length > LongestEcho ? null : value.ValueKind switch
        {
            JsonValueKind.String => TextOf(value),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => JsonNode.Parse(value.GetRawText()),
            _ => null,
        };

    /// <summary>The text, or null where it holds what no text can: an escaped lone surrogate, or U+0000.</summary>
    public static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString() is { } text && StorableText.Is(text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
