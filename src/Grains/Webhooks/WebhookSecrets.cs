using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Webhooks;

/// <summary>
/// The Standard Webhooks secrets of an endpoint, as they are encrypted in its row: the one in use, and those before it
/// while receivers may still know only these.
/// </summary>
/// <param name="Current">the one in use</param>
/// <param name="Previous">the one before</param>
/// <param name="PreviousUntil">until when that is used too</param>
/// <param name="PutInUseUnder">the idempotency key of the call that put the current one in use</param>
/// <param name="PutInUseAt">when it was put in use</param>
/// <param name="Earlier">what was replaced before <paramref name="Previous"/> and is used too, the newest first; null:
/// none</param>
internal sealed record WebhookSecrets(
    string Current, string? Previous = null, DateTimeOffset? PreviousUntil = null, byte[]? PutInUseUnder = null,
    DateTimeOffset? PutInUseAt = null, ImmutableArray<FormerWebhookSecret>? Earlier = null)
{
    /// <summary>A body has one signature for each.</summary>
    private const int MostEarlier = 3;

    private static readonly TimeSpan AnswersKept = TimeSpan.FromMinutes(10);

    public static WebhookSecrets First(ProtectedText secret) => new(secret.Reveal());

    /// <exception cref="JsonException">it is no text of <see cref="ToText"/></exception>
    public static WebhookSecrets Of(ProtectedText text) =>
        JsonSerializer.Deserialize(text.Reveal(), WebhookSecretsJson.Default.WebhookSecrets)
            ?? throw new JsonException("it holds null");

    public ProtectedText ToText() => new(JsonSerializer.Serialize(this, WebhookSecretsJson.Default.WebhookSecrets));

    /// <summary>
    /// Another in use; the same where this very call put the current one in use. Whatever was in use goes on for a day,
    /// however often it is replaced in it; of more than a body has signatures for, the oldest and the last are kept,
    /// since receivers know these.
    /// </summary>
    public WebhookSecrets Followed(ProtectedText by, Idempotency? call, DateTimeOffset now) =>
        call is not null && PutInUseUnder?.AsSpan().SequenceEqual(call.Key) == true && now - PutInUseAt < AnswersKept
            ? this
            : new(by.Reveal(), Current, now + WebhookSecret.PreviousLife, call?.Key, now, Kept(now));

    /// <summary>Those in use at a time, the newest first.</summary>
    public ImmutableArray<ProtectedText> At(DateTimeOffset now) =>
    [
        new ProtectedText(Current), .. Former.Where(former => now < former.Until).Select(
            former => new ProtectedText(former.Secret)),
    ];

    private IEnumerable<FormerWebhookSecret> Former => Previous is { } previous && PreviousUntil is { } until
        ? [new(previous, until), .. Earlier ?? []]
        : [];

    private ImmutableArray<FormerWebhookSecret>? Kept(DateTimeOffset now) =>
        Former.Where(former => now < former.Until).TakeLast(MostEarlier).ToImmutableArray() is { IsEmpty: false } kept
            ? kept
            : null;

    public override string ToString() => "(protected)";
}

/// <summary>A secret that was replaced.</summary>
/// <param name="Secret">its text</param>
/// <param name="Until">until when it is used too</param>
internal sealed record FormerWebhookSecret(string Secret, DateTimeOffset Until)
{
    public override string ToString() => "(protected)";
}

[JsonSerializable(typeof(WebhookSecrets))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class WebhookSecretsJson : JsonSerializerContext;
