using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Records;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tokens;

/// <summary>
/// How a token's state stands in its row: as JSON in words that lists can filter by, apart from what the columns hold. Digests stand in
/// it, secrets never do.
/// </summary>
internal static class TokenRecord
{
    public static Commit ToCommit(TokenState next, TokenState? before, string commandId, DateTimeOffset? dueAt, DateTimeOffset? lastUsed, AuditEntry audit) =>
        new(
            new StoredRecord
            {
                Key = new RecordKey(Kinds.Token, next.Id.ToString()),
                Version = next.Version,
                CommandId = commandId,
                State = JsonSerializer.Serialize(ToJson(next), TokenJson.Default.StoredToken),
                OrganizationId = next.OrganizationId.ToString(),
                OwnerId = next.Profile.Shelf ?? (next.Within is [var nearest, ..] ? nearest.ToString() : next.OwnerId),
                ParentId = next.ParentId.ToString(),
                MemberId = next.Independent ? null : next.MemberId.ToString(),
                Name = next.Profile.IsFacade ? next.FullName : next.Name,
                NameKey = NameKeyOf(next),
                Status = next.DeletedAt is null ? StoredRecord.Live : next.CascadePending ? StoredRecord.Deleting : StoredRecord.Deleted,
                CreatedAt = next.CreatedAt,
                UpdatedAt = next.UpdatedAt,
                ExpiresAt = next.ExpiresAt,
                DueAt = dueAt,
                PresentedAt = next.PrimaryPresentedAt,
                LastUsedAt = lastUsed,
                Sealed = next.SealedPrimary,
            },
            before?.Version ?? 0,
            [audit])
        {
            Renames = before is not null && NameKeyOf(before) != NameKeyOf(next) && NameKeyOf(next) is not null,
        };

    public static TokenState FromRecord(StoredRecord record)
    {
        var stored = JsonSerializer.Deserialize(record.State, TokenJson.Default.StoredToken)!;
        return FromJson(stored) with
        {
            Version = record.Version,
            PrimaryPresentedAt = record.PresentedAt,
            SealedPrimary = record.Sealed,
        };
    }

    /// <summary>Tokens with a refresh half are listed and found by name; single tokens are not. A delete frees the name.</summary>
    private static string? NameKeyOf(TokenState state) =>
        state.DeletedAt is null && state.Profile.HasRefreshHalf ? state.Name.ToLowerInvariant() : null;

    private static StoredToken ToJson(TokenState s) => new()
    {
        Id = s.Id.Value,
        OrganizationId = s.OrganizationId.Value,
        MemberId = s.MemberId.Value,
        OwnerType = s.OwnerType.ToString().ToLowerInvariant(),
        OwnerId = s.OwnerId,
        Profile = s.Profile.Name,
        TokenType = s.Profile.TokenType,
        Name = s.Name,
        FullName = s.FullName,
        ParentId = s.ParentId.Value,
        Ancestors = s.Ancestors.IsEmpty ? null : [.. s.Ancestors.Select(a => a.Value)],
        Roles = s.Binding is GrantBinding.Roles roles ? [.. roles.Names] : null,
        PermissionSet = (s.Binding as GrantBinding.Adhoc)?.PermissionSet,
        Actions = s.Binding is GrantBinding.Listed listed ? [.. listed.Actions.Names()] : null,
        Resources = s.Binding switch
        {
            GrantBinding.Adhoc adhoc => StoredResources.From(adhoc.Resources),
            GrantBinding.Listed own => StoredResources.From(own.Resources),
            _ => null,
        },
        Claims = s.Claims,
        AccountId = s.AccountId,
        TokenTtl = s.Ttl.Text,
        LongestTtl = s.LongestTtl,
        Independent = s.Independent,
        SecretVersion = s.SecretVersion == 1 ? null : s.SecretVersion,
        CreatedAt = s.CreatedAt,
        UpdatedAt = s.UpdatedAt,
        ExpiresAt = s.ExpiresAt,
        Disabled = !s.Enabled,
        DeletedAt = s.DeletedAt,
        CascadePending = s.CascadePending,
        ExpiringNoted = s.ExpiringNoted,
        ExpiryNoted = s.ExpiryNoted,
        Version = s.Version,
        Primary = s.Primary,
        Secondary = s.Secondary,
        SpentBy = StoredSpent.From(s.Spent),
        Answers = s.Answers.IsEmpty ? null : [.. s.Answers.Select(a => new StoredAnswer(a.Key, a.Request, a.Sealed, a.At, ToJson(a.Answer)))],
    };

    private static TokenState FromJson(StoredToken s) => new()
    {
        Id = new TokenId(s.Id),
        OrganizationId = new OrganizationId(s.OrganizationId),
        MemberId = new MemberId(s.MemberId),
        OwnerType = Enum.Parse<TokenOwnerType>(s.OwnerType, ignoreCase: true),
        OwnerId = s.OwnerId,
        Profile = TokenProfile.Named(s.Profile),
        Name = s.Name,
        FullName = s.FullName,
        ParentId = new TokenId(s.ParentId),
        Ancestors = [.. (s.Ancestors ?? []).Select(a => new TokenId(a))],
        Binding = s.PermissionSet is { } set
            ? new GrantBinding.Adhoc(set, s.Resources?.ToResources() ?? Resources.All)
            : s.Actions is { } actions ? new GrantBinding.Listed(ActionSet.Of(actions), s.Resources?.ToResources() ?? Resources.All)
            : new GrantBinding.Roles([.. s.Roles ?? []]),
        Claims = s.Claims,
        AccountId = s.AccountId,
        Ttl = GoDuration.Of(s.TokenTtl),
        LongestTtl = s.LongestTtl,
        Independent = s.Independent,
        SecretVersion = s.SecretVersion ?? 1,
        CreatedAt = s.CreatedAt,
        UpdatedAt = s.UpdatedAt,
        ExpiresAt = s.ExpiresAt,
        Enabled = !s.Disabled,
        DeletedAt = s.DeletedAt,
        CascadePending = s.CascadePending,
        ExpiringNoted = s.ExpiringNoted,
        ExpiryNoted = s.ExpiryNoted,
        Version = s.Version,
        Primary = s.Primary,
        Secondary = s.Secondary,
        Spent = [.. s.Spent ?? [], .. (s.SpentBy ?? []).SelectMany(group => group.Secrets())],
        Answers = [.. (s.Answers ?? []).Select(a => new IdempotencyRecord(a.Key, a.Request, a.Sealed, a.At, FromJson(a.Answer)))],
    };
}

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

    public string[]? Roles { get; init; }

    public string? PermissionSet { get; init; }

    public string[]? Actions { get; init; }

    public StoredResources? Resources { get; init; }

    public string? Claims { get; init; }

    public Guid? AccountId { get; init; }

    public required string TokenTtl { get; init; }

    public TimeSpan? LongestTtl { get; init; }

    public bool Independent { get; init; }

    /// <summary>Null: 1.</summary>
    public long? SecretVersion { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public bool Disabled { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    public bool CascadePending { get; init; }

    public bool ExpiringNoted { get; init; }

    public bool ExpiryNoted { get; init; }

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
/// Spent secrets under one pepper, the last spent first, as one text: written out, the eight of them were more than half of a row that every
/// refresh writes.
/// </summary>
/// <param name="PepperId">the pepper of their digests</param>
/// <param name="Entries">for each why (<see cref="Supersession"/>, 1 byte), when (microseconds since 1970, 8 bytes, big-endian) and its digest</param>
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
                BinaryPrimitives.WriteInt64BigEndian(entry[1..], (spent[i].At.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
                spent[i].Digest.Mac.CopyTo(entry[DigestAt..]);
            }

            groups.Add(new(pepper, entries));
        }

        return groups.Count == 0 ? null : [.. groups];
    }

    public IEnumerable<SpentSecret> Secrets() => Entries.Chunk(EntryBytes).Select(entry => new SpentSecret(
        new SecretDigest(PepperId, entry[DigestAt..]),
        (Supersession)entry[0],
        DateTimeOffset.UnixEpoch.AddTicks(BinaryPrimitives.ReadInt64BigEndian(entry.AsSpan(1)) * TimeSpan.TicksPerMicrosecond)));
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
