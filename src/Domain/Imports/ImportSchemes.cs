using System.Collections.Immutable;
using TokenActors.Domain.Identity;

namespace TokenActors.Domain.Imports;

/// <summary>Why a scheme is not made or taken away.</summary>
public enum ImportSchemeRefusal
{
    /// <summary>There is none of this id.</summary>
    NotFound,

    /// <summary>A field is wrong.</summary>
    Invalid,

    /// <summary>Another scheme has the name.</summary>
    NameTaken,

    /// <summary>Its prefix is the beginning of another's, or the other way round.</summary>
    PrefixTaken,

    /// <summary>There are as many as there may be.</summary>
    TooMany,

    /// <summary>Tokens still accept keys of it.</summary>
    InUse,

    /// <summary>A silo of an older release is running, which knows of no imports.</summary>
    UpgradePending,

    /// <summary>The caller is narrowed within the organization.</summary>
    BeyondGrant,

    /// <summary>The idempotency key made or removed another scheme.</summary>
    KeyReused,
}

/// <summary>
/// All schemes of an organization, so that one grain sees that no two could have the same key. Each transition gives
/// the next state, or why there is none.
/// </summary>
public sealed record ImportSchemes
{
    /// <summary>So many removed ones are remembered at most.</summary>
    private const int MostRemoved = 100;

    private static readonly TimeSpan KeysAreKept = TimeSpan.FromMinutes(10);

    public required OrganizationId OrganizationId { get; init; }

    /// <summary>In the order in which they were made.</summary>
    public ImmutableArray<ImportScheme> Schemes { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The newest of those that were removed of late, the newest last.</summary>
    public ImmutableArray<RemovedScheme> Removed { get; init => field = value.IsDefault ? [] : value; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required long Version { get; init; }

    public static ImportSchemes None(OrganizationId organization, DateTimeOffset now) =>
        new() { OrganizationId = organization, CreatedAt = now, UpdatedAt = now, Version = 0 };

    /// <summary>
    /// A further scheme. The same one again changes nothing, and one of the newest hundred that were removed of late is
    /// not made again: its id, that of a call, is asked for a second time.
    /// </summary>
    public (ImportSchemes? Next, ImportSchemeRefusal Refusal) Add(ImportScheme scheme, DateTimeOffset now)
    {
        if (Schemes.FirstOrDefault(other => other.Id == scheme.Id) is { } same)
        {
            return same with { CreatedAt = scheme.CreatedAt } == scheme
                ? (this, default)
                : (null, ImportSchemeRefusal.KeyReused);
        }

        return scheme switch
        {
            { Problem: not null } => (null, ImportSchemeRefusal.Invalid),
            _ when KeptAt(now).Any(removed => removed.Id == scheme.Id) => (null, ImportSchemeRefusal.KeyReused),
            _ when Schemes.Length >= ImportScheme.Most => (null, ImportSchemeRefusal.TooMany),
            _ when Schemes.Any(other => other.Name == scheme.Name) => (null, ImportSchemeRefusal.NameTaken),
            _ when Schemes.Any(scheme.Overlaps) => (null, ImportSchemeRefusal.PrefixTaken),
            _ => (Next(Schemes.Add(scheme), now), default),
        };
    }

    /// <summary>
    /// One less. What is not there is not found; what was removed under the same key within ten minutes is removed.
    /// </summary>
    /// <param name="id">the scheme</param>
    /// <param name="key">the idempotency key; null for none</param>
    /// <param name="now">when</param>
    public (ImportSchemes? Next, ImportSchemeRefusal Refusal) Remove(Guid id, string? key, DateTimeOffset now)
    {
        var kept = KeptAt(now);
        if (key is not null && kept.FirstOrDefault(removed => removed.Key == key) is { } earlier)
        {
            return earlier.Id == id ? (this, default) : (null, ImportSchemeRefusal.KeyReused);
        }

        return Schemes.FirstOrDefault(scheme => scheme.Id == id) is { } found
            ? (Next(Schemes.Remove(found), now) with
            {
                Removed = [.. kept.TakeLast(MostRemoved - 1), new(key ?? "", id, now)],
            }, default)
            : (null, ImportSchemeRefusal.NotFound);
    }

    private ImmutableArray<RemovedScheme> KeptAt(DateTimeOffset now) =>
        [.. Removed.Where(removed => now - removed.At < KeysAreKept)];

    private ImportSchemes Next(ImmutableArray<ImportScheme> schemes, DateTimeOffset now) =>
        this with { Schemes = schemes, UpdatedAt = now, Version = Version + 1 };
}

/// <summary>A scheme that was removed.</summary>
/// <param name="Key">names the idempotency key; empty where there was none</param>
/// <param name="Id">the scheme</param>
/// <param name="At">when it was removed</param>
public sealed record RemovedScheme(string Key, Guid Id, DateTimeOffset At);
