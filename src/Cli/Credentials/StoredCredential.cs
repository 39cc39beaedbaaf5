using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Client;
using TokenActors.Client.Session;

namespace TokenActors.Cli.Credentials;

/// <summary>A refresh that was begun. It is repeated under its key until its answer is stored.</summary>
/// <param name="Key">its idempotency key</param>
/// <param name="Since">when it was begun</param>
internal sealed record RenewalAttempt(string Key, DateTimeOffset Since);

/// <summary>A pair of secrets that is kept fresh, with all that its keeper must not forget.</summary>
/// <param name="Access">null where it was not given yet</param>
/// <param name="Refresh">null where it cannot be renewed</param>
internal sealed record StoredCredential(Secret? Access, Secret? Refresh)
{
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>When the access secret was made.</summary>
    public DateTimeOffset? RenewedAt { get; init; }

    /// <summary>The end of the access secret.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When the record was made; no refresh moves it past its longest life from then on.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The access secret before this one, which works until its own end.</summary>
    public Secret? Previous { get; init; }

    /// <summary>A refresh whose answer is not stored yet.</summary>
    public RenewalAttempt? Attempt { get; init; }

    /// <summary>Its consumer has it, and was told.</summary>
    public bool IsDelivered { get; init; }

    /// <summary>Of the secret that it began with, so that another one is noticed.</summary>
    public string? Seed { get; init; }

    /// <summary>Two thirds of its life: what is left is time for the service to come back.</summary>
    [JsonIgnore]
    public DateTimeOffset? DueAt => RenewedAt is { } from && ExpiresAt is { } until ? from + ((until - from) * 2 / 3) : null;

    /// <summary>What a refresh answered, in place of this one.</summary>
    public StoredCredential RenewedTo(RenewedToken token, DateTimeOffset now) =>
        new(token.Primary.Access.Secret, token.Primary.Refresh?.Secret ?? Refresh)
        {
            RenewedAt = now, ExpiresAt = token.Primary.Access.Expires, CreatedAt = token.CreatedAt, Previous = Access, Seed = Seed,
        };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Form);

    public static StoredCredential Read(byte[] bytes) =>
        JsonSerializer.Deserialize<StoredCredential>(bytes, Form) ?? throw new JsonException("it is empty");
}
