using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.ResourceModel;

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

    /// <summary>What happens to a token that is reported as leaked: <c>revoke</c>, <c>disable</c> or <c>notice</c>.</summary>
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

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(PolicyWire))]
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
