using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.StoredTokens;

/// <summary>A stored token in words, for people.</summary>
public static class ShownToken
{
    /// <summary>
    /// JSON over several lines: the row's columns, how many bytes its parts have, and the whole state as it is stored.
    /// It holds digests, and no secret.
    /// </summary>
    /// <exception cref="JsonException">the row holds no token</exception>
    /// <exception cref="InvalidDataException">its hot part is not of this row, or of a later program</exception>
    public static string Of(StoredRecord record) => JsonSerializer.Serialize(
        new ShownRow(
            record.Version, record.CommandId, record.Status, record.UpdatedAt, record.ExpiresAt, record.DueAt,
            record.PresentedAt, record.LastUsedAt, record.Sealed?.Length ?? 0, record.State.Length, record.Hot?.Length
                ?? 0,
            TokenRow.Stored(record)),
        ShownJson.Default.ShownRow);
}

/// <summary>The columns of a token's row.</summary>
internal sealed record ShownRow(
    long Version,
    string CommandId,
    string Status,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? DueAt,
    DateTimeOffset? PresentedAt,
    DateTimeOffset? LastUsedAt,
    int SealedBytes,
    int StateLength,
    int HotBytes,
    StoredToken State);

[JsonSerializable(typeof(ShownRow))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    WriteIndented = true)]
internal sealed partial class ShownJson : JsonSerializerContext;
