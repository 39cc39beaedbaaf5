using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;

namespace TokenActors.Grains.StoredTokens;

/// <summary>The JSON of a token's row. Property names are part of the stored form: add, never rename.</summary>
internal sealed record StoredToken
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid MemberId { get; init; }

    public required string OwnerType { get; init; }

    public required string OwnerId { get; init; }

    public required string Profile { get; init; }

    public required string TokenType { get; init; }

    public required string Name { get; init; }

    [JsonPropertyName("fullname")]
    public required string FullName { get; init; }

    public required Guid ParentId { get; init; }

    public Guid[]? Ancestors { get; init; }

    /// <summary>Null: the parent.</summary>
    public string? BelongsTo { get; init; }

    public string[]? Roles { get; init; }

    /// <summary>In the places of <see cref="Roles"/>; null where there is none.</summary>
    public Guid?[]? RoleIds { get; init; }

    public string? PermissionSet { get; init; }

    public string[]? Actions { get; init; }

    public StoredResources? Resources { get; init; }

    public string? Claims { get; init; }

    public Guid? AccountId { get; init; }

    public string? Description { get; init; }

    public string[]? Labels { get; init; }

    public string? Contact { get; init; }

    public string[]? Addresses { get; init; }

    public long? Uses { get; init; }

    public long? UsesLeft { get; init; }

    public int? PerSecond { get; init; }

    public int? Burst { get; init; }

    public required string TokenTtl { get; init; }

    public TimeSpan? LongestTtl { get; init; }

    public bool Independent { get; init; }

    /// <summary>Null: 1.</summary>
    public long? SecretVersion { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Written also where a client set it to the first moment that there is, which is its default.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? EndsBy { get; init; }

    public bool Disabled { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    public bool CascadePending { get; init; }

    /// <summary>As rows were written before <see cref="NoticedDays"/>, and for silos of that time.</summary>
    public bool ExpiringNoted { get; init; }

    public int? NoticedDays { get; init; }

    public bool PrimaryByRefresh { get; init; }

    public bool ExpiryNoted { get; init; }

    public DateTimeOffset? LifeSetAt { get; init; }

    public required long Version { get; init; }

    public CredentialPair? Primary { get; init; }

    public SecondaryPair? Secondary { get; init; }

    /// <summary>As rows were written before <see cref="SpentBy"/>.</summary>
    public SpentSecret[]? Spent { get; init; }

    public StoredSpent[]? SpentBy { get; init; }

    public StoredAnswer[]? Answers { get; init; }
}

/// <summary>An answer kept under an idempotency key.</summary>
internal sealed record StoredAnswer(byte[] Key, byte[] Request, byte[] Sealed, DateTimeOffset At, StoredToken Answer);

/// <summary>
/// Spent secrets under one pepper, the last spent first, as one text: written out, the eight of them were more than
/// half of a row that every refresh writes.
/// </summary>
/// <param name="PepperId">the pepper of their digests</param>
/// <param name="Entries">for each why (<see cref="Supersession"/>, 1 byte), when (microseconds since 1970, 8 bytes,
/// big-endian) and its digest</param>
internal sealed record StoredSpent(string PepperId, byte[] Entries)
{
    private const int DigestAt = 1 + sizeof(long);
    private const int EntryBytes = DigestAt + SHA256.HashSizeInBytes;

    public static StoredSpent[]? From(ImmutableArray<SpentSecret> spent)
    {
        List<StoredSpent> groups = [];
        for (var i = 0; i < spent.Length;)
        {
            var pepper = spent[i].Digest.PepperId;
            var count = 1;
            while (i + count < spent.Length && spent[i + count].Digest.PepperId == pepper)
            {
                count++;
            }

            var entries = new byte[count * EntryBytes];
            for (var entry = entries.AsSpan(); entry.Length > 0; entry = entry[EntryBytes..], i++)
            {
                entry[0] = (byte)spent[i].By;
                BinaryPrimitives.WriteInt64BigEndian(
                    entry[1..], (spent[i].At.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
                spent[i].Digest.Mac.CopyTo(entry[DigestAt..]);
            }

            groups.Add(new(pepper, entries));
        }

        return groups.Count == 0 ? null : [.. groups];
    }

    public IEnumerable<SpentSecret> Secrets() => Entries.Chunk(EntryBytes).Select(entry => new SpentSecret(
        new SecretDigest(PepperId, entry[DigestAt..]), (Supersession)entry[0], TimeOf(entry)));

    private static DateTimeOffset TimeOf(ReadOnlySpan<byte> entry)
    {
        var microseconds = BinaryPrimitives.ReadInt64BigEndian(entry[1..]);
        return DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
    }
}

/// <summary>Narrowed resources; null stands for everything of a kind.</summary>
internal sealed record StoredResources(
    string[]? OrganizationIds,
    string[]? OrganizationLabels,
    string[]? AccountIds,
    string[]? AccountLabels,
    string[]? AccountEnvironments,
    string[]? IntegrationCategories)
{
    public static StoredResources From(Resources r) => new(
        Names(r.OrganizationIds), Names(r.OrganizationLabels), Names(r.AccountIds), Names(r.AccountLabels),
        Names(r.AccountEnvironments), Names(r.IntegrationCategories));

    public Resources ToResources() => new()
    {
        OrganizationIds = Of(OrganizationIds),
        OrganizationLabels = Of(OrganizationLabels),
        AccountIds = Of(AccountIds),
        AccountLabels = Of(AccountLabels),
        AccountEnvironments = Of(AccountEnvironments),
        IntegrationCategories = Of(IntegrationCategories),
    };

    private static string[]? Names(Selection selection) => selection.Names?.ToArray();

    private static Selection Of(string[]? names) => names is null ? Selection.All : Selection.Of(names);
}

[JsonSerializable(typeof(StoredToken))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true)]
internal sealed partial class TokenJson : JsonSerializerContext;
