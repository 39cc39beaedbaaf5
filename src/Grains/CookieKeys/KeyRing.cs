using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Keys;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.CookieKeys;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.CookieKeys;

/// <summary>A key as it is stored. Property names are part of the stored form: add, never rename.</summary>
public sealed record StoredKey(
    Guid Id, DateTimeOffset CreatedAt, DateTimeOffset ActiveFrom, DateTimeOffset EndsAt, SealedText Material)
{
    [JsonIgnore]
    public KeyLife Life => new(ActiveFrom, EndsAt);
}

/// <summary>The keys of a service, as they are stored.</summary>
public sealed record KeyRing(Guid Owner, ImmutableArray<StoredKey> Keys)
{
    private const int MaterialBytes = 64;

    [JsonIgnore]
    public long Version { get; init; }

    /// <summary>The ring with the key that has to be made, without those that are over; null where it stays.</summary>
    /// <param name="box">seals the new key</param>
    /// <param name="readable">keys that can be opened: others do not count</param>
    /// <param name="now">the time</param>
    public KeyRing? Renewed(SecretBox box, IReadOnlySet<Guid> readable, DateTimeOffset now)
    {
        var kept = Keys.Where(key => readable.Contains(key.Id) && !KeySchedule.IsOver(key.Life, now)).ToImmutableArray();
        if (KeySchedule.Next(kept.Select(key => key.Life), now) is not { } life)
        {
            return null;
        }

        ProtectedText material = new(Convert.ToBase64String(RandomNumberGenerator.GetBytes(MaterialBytes)));
        StoredKey made = new(Guid.CreateVersion7(now), now, life.ActiveFrom, life.EndsAt, box.Seal(material, Owner));
        return this with { Keys = kept.Add(made), Version = Version + 1 };
    }

    /// <summary>
    /// Those that are not over and can be opened. A key under a pepper that was forgotten is lost.
    /// </summary>
    public ImmutableArray<CookieKey> Open(SecretBox box, DateTimeOffset now) =>
        [.. Keys.Where(key => !KeySchedule.IsOver(key.Life, now)).Select(key => Opened(box, key)).OfType<CookieKey>()];

    public StoredRecord ToRow(string commandId, DateTimeOffset now) => new()
    {
        Key = new RecordKey(Kinds.CookieKeys, Owner.ToString()),
        Version = Version,
        CommandId = commandId,
        State = JsonSerializer.Serialize(this, KeyRingJson.Default.KeyRing),
        OrganizationId = Owner.ToString(),
        OwnerId = Owner.ToString(),
        Name = Kinds.CookieKeys,
        CreatedAt = Keys.IsEmpty ? now : Keys[0].CreatedAt,
        UpdatedAt = now,
    };

    public static KeyRing Read(StoredRecord record) =>
        JsonSerializer.Deserialize(record.State, KeyRingJson.Default.KeyRing) is { } ring
            ? ring with { Version = record.Version }
            : throw new JsonException($"{record.Key} holds null");

    private CookieKey? Opened(SecretBox box, StoredKey key)
    {
        try
        {
            return new CookieKey
            {
                Id = key.Id,
                CreatedAt = key.CreatedAt,
                ActiveFrom = key.ActiveFrom,
                EndsAt = key.EndsAt,
                Material = box.Open(key.Material, Owner),
            };
        }
        catch (Exception e) when (e is CryptographicException or InvalidOperationException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(KeyRing))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class KeyRingJson : JsonSerializerContext;
