using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Boomerang;

/// <summary>Times as Boomerang writes them: ISO 8601 with milliseconds and <c>+00:00</c>.</summary>
internal static class FlowTime
{
    public static string Of(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+00:00'", CultureInfo.InvariantCulture);

    /// <summary>What never expires has no date.</summary>
    public static string? OfExpiry(DateTimeOffset time) => time >= Instant.Forever ? null : Of(time);
}

/// <summary>Body of every error.</summary>
internal sealed record BoomerangError
{
    public required string Timestamp { get; init; }

    public required int Code { get; init; }

    public required string Reason { get; init; }

    public required string Message { get; init; }

    public required string Status { get; init; }

    public string? Cause { get; init; }
}

/// <summary>A new token, with its secret this once.</summary>
internal sealed record TokenCreateResponse
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public required string Token { get; init; }

    [JsonPropertyName("expirationDate")]
    public string? ExpirationDate { get; init; }

    public static TokenCreateResponse From(TokenView view, Secret? secret) => new()
    {
        Id = view.Id.ToString(),
        Type = FlowTypes.Of(view),
        Token = secret?.Reveal() ?? "",
        ExpirationDate = FlowTime.OfExpiry(view.ExpiresAt),
    };
}

/// <summary>What a token may do within one principal.</summary>
internal sealed record FlowGrantWire(string Scope, string Principal, IReadOnlyList<string> Actions);

/// <summary>A token of a list. Nulls are written.</summary>
internal sealed record FlowTokenWire
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    [JsonPropertyName("creationDate")]
    public required string CreationDate { get; init; }

    [JsonPropertyName("expirationDate")]
    public string? ExpirationDate { get; init; }

    /// <summary>Accepted now.</summary>
    public required bool Valid { get; init; }

    public string? Principal { get; init; }

    public required IReadOnlyList<FlowGrantWire> Permissions { get; init; }

    public static FlowTokenWire From(TokenView view, DateTimeOffset now)
    {
        var details = FlowDetails.Of(view);
        var type = FlowTypes.Of(view);
        var principal = view.OwnerType == TokenOwnerType.Principal ? view.OwnerId : null;
        return new()
        {
            Id = view.Id.ToString(),
            Type = type,
            Name = view.FullName,
            Description = details.Description,
            CreationDate = FlowTime.Of(view.CreatedAt),
            ExpirationDate = FlowTime.OfExpiry(view.ExpiresAt),
            Valid = view.Enabled && now < view.ExpiresAt,
            Principal = principal,
            Permissions = [new FlowGrantWire(type, principal ?? "**", details.Permissions)],
        };
    }
}

/// <summary>
/// A page as Spring Data writes it. <c>pageable</c> is the text <c>INSTANCE</c> where everything was asked for.
/// </summary>
internal sealed record FlowPage
{
    public required IReadOnlyList<FlowTokenWire> Content { get; init; }

    public required JsonNode Pageable { get; init; }

    [JsonPropertyName("totalElements")]
    public required long TotalElements { get; init; }

    [JsonPropertyName("totalPages")]
    public required long TotalPages { get; init; }

    public required bool Last { get; init; }

    public required long Number { get; init; }

    public required long Size { get; init; }

    [JsonPropertyName("numberOfElements")]
    public required int NumberOfElements { get; init; }

    public required FlowSort Sort { get; init; }

    public required bool First { get; init; }

    public required bool Empty { get; init; }
}

internal sealed record FlowSort(bool Sorted, bool Unsorted, bool Empty);

internal sealed record FlowPageable(
    [property: JsonPropertyName("pageNumber")] long PageNumber,
    [property: JsonPropertyName("pageSize")] long PageSize,
    FlowSort Sort,
    long Offset,
    bool Paged,
    bool Unpaged);

/// <summary>
/// What Boomerang's clients say about a token beyond what it is; kept as its claims, so that introspection tells it
/// too.
/// </summary>
internal sealed record FlowDetails(string? Description, IReadOnlyList<string> Permissions)
{
    public static FlowDetails Of(TokenView view) =>
        (view.Claims is { } claims ? JsonSerializer.Deserialize(claims, BoomerangJson.Default.FlowClaims)?.Boomerang : null) ?? new FlowDetails(null, []);

    public string ToClaims() => JsonSerializer.Serialize(new FlowClaims(this), BoomerangJson.Wire.FlowClaims);
}

/// <summary>The claims of a Boomerang token.</summary>
internal sealed record FlowClaims(FlowDetails Boomerang);

/// <summary>The types of tokens, each a profile with a prefix of its own.</summary>
internal static class FlowTypes
{
    public const string Session = "session";
    public const string User = "user";
    public const string Team = "team";
    public const string Workflow = "workflow";
    public const string Global = "global";

    public static readonly IReadOnlyList<string> All = [Session, User, Team, Workflow, Global];

    public static TokenProfile ProfileOf(string type) => type switch
    {
        User => TokenProfile.FlowUser,
        Team => TokenProfile.FlowTeam,
        Workflow => TokenProfile.FlowWorkflow,
        Global => TokenProfile.FlowGlobal,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    public static bool Is(TokenView view) => TokenProfile.Named(view.Profile).Audience == TokenAudience.Boomerang;

    public static string Of(TokenView view) =>
        All.First(type => type != Session && ProfileOf(type).Name == view.Profile);
}

[JsonSerializable(typeof(BoomerangError))]
[JsonSerializable(typeof(TokenCreateRequest))]
[JsonSerializable(typeof(TokenCreateResponse))]
[JsonSerializable(typeof(FlowPage))]
[JsonSerializable(typeof(FlowPageable))]
[JsonSerializable(typeof(FlowClaims))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class BoomerangJson : JsonSerializerContext
{
    /// <summary>
    /// What responses use: as generated, but with all characters as they are, since nothing of it is put into HTML.
    /// </summary>
    public static BoomerangJson Wire => Relaxed.Context;

    private static class Relaxed
    {
        public static readonly BoomerangJson Context =
            new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
