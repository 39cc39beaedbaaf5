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
    private const int MostFormerSeeds = 32;

    /// <summary>How far a clock may be set back without being taken for another one.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <summary>The service tells its time in whole seconds.</summary>
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>When the access secret came, by the clock of this machine.</summary>
    public DateTimeOffset? RenewedAt { get; init; }

    /// <summary>The end of the access secret, by the service's clock.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How long the access secret was to live when it came, by the service's clock alone.</summary>
    public TimeSpan? Life { get; init; }

    /// <summary>
    /// When the record was made, by the service's clock; no refresh moves it past its longest life from then on.
    /// </summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The access secret before this one, which works until its own end.</summary>
    public Secret? Previous { get; init; }

    /// <summary>A refresh whose answer is not stored yet.</summary>
    public RenewalAttempt? Attempt { get; init; }

    /// <summary>Its consumer has it, and was told.</summary>
    public bool IsDelivered { get; init; }

    /// <summary>Of the secret that it began with, so that another one is noticed.</summary>
    public string? Seed { get; init; }

    /// <summary>Of secrets that were given before that one: none of them is begun with again.</summary>
    public IReadOnlyList<string> FormerSeeds { get; init; } = [];

    /// <summary>
    /// How much longer the access secret lives; null where nobody knows. Only spans of this machine's clock count: it
    /// may be years away from the service's. One that was set back since says nothing, so that nothing is left.
    /// </summary>
    /// <param name="now">by the clock of this machine</param>
    public TimeSpan? LeftAt(DateTimeOffset now)
    {
        if (RenewedAt is not { } from || LifeFrom(from) is not { } life)
        {
            return null;
        }

        return now < from - Slack ? TimeSpan.Zero : life - (now - from);
    }

    /// <summary>
    /// How long until two thirds of its life have passed: what is left is time for the service to come back.
    /// </summary>
    /// <param name="now">by the clock of this machine</param>
    public TimeSpan? DueIn(DateTimeOffset now) =>
        RenewedAt is { } from && LifeFrom(from) is { } life ? LeftAt(now) - (life / 3) : null;

    /// <summary>What time it is for the service; null where nobody knows.</summary>
    /// <param name="now">by the clock of this machine</param>
    public DateTimeOffset? ServiceTimeAt(DateTimeOffset now) => ExpiresAt - LeftAt(now);

    /// <summary>What a refresh answered, in place of this one.</summary>
    /// <param name="token">the answer</param>
    /// <param name="now">when it came, by the clock of this machine</param>
    public StoredCredential RenewedTo(RenewedToken token, DateTimeOffset now) =>
        new(token.Primary.Access.Secret, token.Primary.Refresh?.Secret ?? Refresh)
        {
            RenewedAt = now, ExpiresAt = token.Primary.Access.Expires,
            Life = LifeOf(token.Primary.Access.Expires, token.AnsweredAt), CreatedAt = token.CreatedAt,
            Previous = Access, Seed = Seed, FormerSeeds = FormerSeeds,
        };

    /// <summary>
    /// How long a secret is to live, a second less than it may be; null where the service does not tell its time.
    /// </summary>
    /// <param name="end">of the secret, by the service's clock</param>
    /// <param name="answeredAt">by the same</param>
    public static TimeSpan? LifeOf(DateTimeOffset end, DateTimeOffset? answeredAt) => end - answeredAt - Second;

    /// <summary>The same, not to be begun anew by a seed that is older.</summary>
    public StoredCredential NotFrom(string? seed) => seed is null || FormerSeeds.Contains(seed)
        ? this
        : this with { FormerSeeds = [.. FormerSeeds.Append(seed).TakeLast(MostFormerSeeds)] };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Form);

    public static StoredCredential Read(byte[] bytes) =>
        JsonSerializer.Deserialize<StoredCredential>(bytes, Form) ?? throw new JsonException("it is empty");

    /// <summary>States of releases before know the end alone.</summary>
    private TimeSpan? LifeFrom(DateTimeOffset from) => Life ?? ExpiresAt - from;
}
