using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.LaunchDarkly;

/// <summary>Body of every error.</summary>
internal sealed record LaunchDarklyError(string Code, string Message, string? Id);

internal sealed record LinkWire(string Href, string Type = "application/json");

/// <summary>
/// An access token. Times are milliseconds since 1970. <c>token</c> is the secret where it was just minted, else its
/// last four characters.
/// </summary>
internal sealed record AccessTokenWire
{
    [JsonPropertyName("_id")]
    public required string Id { get; init; }

    [JsonPropertyName("ownerId")]
    public required string OwnerId { get; init; }

    [JsonPropertyName("memberId")]
    public required string MemberId { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    [JsonPropertyName("creationDate")]
    public required long CreationDate { get; init; }

    [JsonPropertyName("lastModified")]
    public required long LastModified { get; init; }

    [JsonPropertyName("lastUsed")]
    public long? LastUsed { get; init; }

    [JsonPropertyName("customRoleIds")]
    public required IReadOnlyList<string> CustomRoleIds { get; init; }

    [JsonPropertyName("inlineRole")]
    public required IReadOnlyList<StatementWire> InlineRole { get; init; }

    public string? Role { get; init; }

    public required string Token { get; init; }

    [JsonPropertyName("serviceToken")]
    public required bool ServiceToken { get; init; }

    [JsonPropertyName("defaultApiVersion")]
    public required int DefaultApiVersion { get; init; }

    [JsonPropertyName("_links")]
    public required IReadOnlyDictionary<string, LinkWire> Links { get; init; }

    public static AccessTokenWire From(TokenView view, Secret? secret)
    {
        var details = AccessTokenDetails.Of(view);
        var id = LaunchDarklyApi.Short(view.Id.Value);
        return new()
        {
            Id = id,
            OwnerId = LaunchDarklyApi.Short(view.OrganizationId.Value),
            MemberId = LaunchDarklyApi.Short(view.MemberId.Value),
            Name = details.Name,
            Description = details.Description,
            CreationDate = view.CreatedAt.ToUnixTimeMilliseconds(),
            LastModified = view.UpdatedAt.ToUnixTimeMilliseconds(),
            LastUsed = view.LastUsedAt?.ToUnixTimeMilliseconds(),
            CustomRoleIds = details.CustomRoleIds ?? [],
            InlineRole = details.InlineRole ?? [],
            Role = details.Role,
            Token = secret?.Reveal() ?? view.Primary.Access.LastFour,
            ServiceToken = details.ServiceToken,
            DefaultApiVersion = details.DefaultApiVersion,
            Links = new Dictionary<string, LinkWire>
            {
                ["self"] = new($"/api/v2/tokens/{id}"),
                ["parent"] = new("/api/v2/tokens"),
            },
        };
    }
}

/// <summary>A page of access tokens.</summary>
internal sealed record AccessTokensWire
{
    public required IReadOnlyList<AccessTokenWire> Items { get; init; }

    [JsonPropertyName("totalCount")]
    public required long TotalCount { get; init; }

    [JsonPropertyName("_links")]
    public required IReadOnlyDictionary<string, LinkWire> Links { get; init; }
}

/// <summary>A statement of an inline role.</summary>
internal sealed record StatementWire
{
    public required string Effect { get; init; }

    public IReadOnlyList<string>? Resources { get; init; }

    [JsonPropertyName("notResources")]
    public IReadOnlyList<string>? NotResources { get; init; }

    public IReadOnlyList<string>? Actions { get; init; }

    [JsonPropertyName("notActions")]
    public IReadOnlyList<string>? NotActions { get; init; }
}

/// <summary>One operation of a JSON Patch (RFC 6902).</summary>
internal sealed record PatchOperationWire(string Op, string Path, JsonElement? Value, string? From);

[JsonSerializable(typeof(LaunchDarklyError))]
[JsonSerializable(typeof(AccessTokenWire))]
[JsonSerializable(typeof(AccessTokensWire))]
[JsonSerializable(typeof(LaunchDarklyRole))]
[JsonSerializable(typeof(CallerIdentity))]
[JsonSerializable(typeof(AccessTokenDetails))]
[JsonSerializable(typeof(AccessTokenClaims))]
[JsonSerializable(typeof(IReadOnlyList<PatchOperationWire>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class LaunchDarklyJson : JsonSerializerContext
{
    /// <summary>
    /// What responses use: as generated, but with all characters as they are, since nothing of it is put into HTML.
    /// </summary>
    public static LaunchDarklyJson Wire => Relaxed.Context;

    private static class Relaxed
    {
        public static readonly LaunchDarklyJson Context =
            new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
