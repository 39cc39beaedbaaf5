using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Lifecycle.Policies;

/// <summary>What an organization demands of its tokens.</summary>
internal sealed record PolicyWire
{
    /// <summary>No secret is minted for longer; Go-style. Absent: as long as its kind allows.</summary>
    public string? LongestLife { get; init; }

    /// <summary>The life of a token for which none is asked; Go-style. Absent: the kind's.</summary>
    public string? DefaultLife { get; init; }

    /// <summary>A life without an end is refused.</summary>
    public required bool MustExpire { get; init; }

    /// <summary>Kinds of tokens that may be made. Absent: all.</summary>
    public IReadOnlyList<string>? AllowedKinds { get; init; }

    /// <summary>How many days before the end a notice is given, the first one first.</summary>
    public required IReadOnlyList<int> NoticeDays { get; init; }

    /// <summary>What happens to a token that is reported as leaked: <c>revoke</c>, <c>disable</c> or
    /// <c>notice</c>.</summary>
    public required string OnLeak { get; init; }

    public static PolicyWire From(PolicyContent content) => new()
    {
        LongestLife = content.LongestLife,
        DefaultLife = content.DefaultLife,
        MustExpire = content.MustExpire,
        AllowedKinds = content.AllowedKinds,
        NoticeDays = content.NoticeDays ?? TokenPolicy.Standard.NoticeDays,
        OnLeak = content.OnLeak ?? PolicyBody.Leaks[0],
    };

    public static string TagOf(PolicyContent content)
    {
        var fields = JsonSerializer.SerializeToUtf8Bytes(From(content), PolicyJson.Default.PolicyWire);
        return $"\"{Convert.ToHexStringLower(SHA256.HashData(fields).AsSpan(0, 16))}\"";
    }
}

/// <summary>A token that is not as the policy wants it, and lives on.</summary>
internal sealed record BreachWire
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Kind { get; init; }

    public required string MemberId { get; init; }

    /// <summary>When its life was last renewed.</summary>
    public required DateTimeOffset RenewedAt { get; init; }

    /// <summary>Absent where its life has no end.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary><c>kind</c>, <c>life</c> and <c>never_expires</c>.</summary>
    public required IReadOnlyList<string> Breaches { get; init; }

    public static BreachWire From(TokenView token, TokenPolicy policy)
    {
        var profile = TokenProfile.Named(token.Profile);
        var began = token.LifeBeganAt == default ? token.Primary.MintedAt : token.LifeBeganAt;
        return new()
        {
            Id = token.Id.ToString(),
            Name = token.Name,
            Kind = TokenKinds.Of(profile),
            MemberId = token.MemberId.ToString(),
            RenewedAt = began,
            ExpiresAt = token.ExpiresAt >= Instant.Forever ? null : token.ExpiresAt,
            LastUsedAt = token.LastUsedAt,
            Breaches = [.. policy.BreachesOf(profile, began, token.ExpiresAt).Select(WordOf)],
        };
    }

    private static string WordOf(PolicyBreach breach) => breach switch
    {
        PolicyBreach.Kind => "kind",
        PolicyBreach.Life => "life",
        _ => "never_expires",
    };
}

/// <summary>A page of breaches.</summary>
internal sealed record BreachPage(IReadOnlyList<BreachWire> Items, string? NextCursor);

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(PolicyWire))]
[JsonSerializable(typeof(BreachPage))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class PolicyJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static PolicyJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly PolicyJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
