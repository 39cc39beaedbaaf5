using System.ComponentModel;
using System.Text.Json;

namespace TokenActors.AspNetCore;

/// <summary>What the service said of a secret. Never changed, so that the cache hands out the object itself.</summary>
/// <param name="IsActive">the secret is accepted</param>
/// <param name="TokenId">the token's id; null where it is not accepted</param>
/// <param name="ExpiresAt">from then on it is not accepted, whatever else happens</param>
/// <param name="Members">everything that was said</param>
[ImmutableObject(true)]
internal sealed record IntrospectedToken(bool IsActive, string? TokenId, DateTimeOffset ExpiresAt, JsonElement Members)
{
    /// <summary>Why the service did not look: what was presented cannot be a secret.</summary>
    public bool IsInvalidRequest => !IsActive && Text("error") == "invalid_request";

    /// <summary>An access secret that is accepted: a refresh secret opens nothing.</summary>
    public bool Opens => IsActive && Text("token_use") == "access";

    /// <summary>The service does not forbid it: it counts each use of some tokens.</summary>
    public bool MayBeKept =>
        !(Members.TryGetProperty("cache", out var cache) && cache.ValueKind == JsonValueKind.False);

    public string? Text(string name) =>
        Members.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    public static IntrospectedToken From(JsonElement members)
    {
        var active = members.TryGetProperty("active", out var value) && value.ValueKind == JsonValueKind.True;
        var expires = members.TryGetProperty("exp", out var exp) && exp.TryGetInt64(out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.MaxValue;
        var token = new IntrospectedToken(active, null, expires, members);
        return active ? token with { TokenId = token.Text("jti") } : token;
    }
}
