using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.StoredTokens;

/// <summary>The tokens that hang directly on something deleted.</summary>
/// <param name="OrganizationId">their organization</param>
/// <param name="Live">live ones, at most so many</param>
/// <param name="Left">live ones and tombstones whose own cascade is not finished, at most so many</param>
/// <param name="AreMadeWithTokens">the parents that they name are what is deleted</param>
internal sealed record TokensBelow(
    string OrganizationId,
    Func<int, Task<IReadOnlyList<StoredRecord>>> Live,
    Func<int, Task<IReadOnlyList<StoredRecord>>> Left,
    bool AreMadeWithTokens = false)
{
    /// <summary>Those that were made with tokens.</summary>
    public static TokensBelow Tokens(IRecordStore store, string organizationId, IReadOnlyCollection<string> ids) => new(
        organizationId,
        limit => store.Children(Kinds.Token, ids, limit),
        limit => store.Children(Kinds.Token, ids, limit, unfinishedToo: true),
        AreMadeWithTokens: true);

    /// <summary>Those of an account or integration.</summary>
    public static TokensBelow Resource(IRecordStore store, string organizationId, string id) => Of(
        limit => store.Owned(Kinds.Token, id, limit),
        store, organizationId, ownerId: id, memberId: null);

    public static TokensBelow Member(IRecordStore store, string organizationId, string id) => Of(
        limit => store.Live(Kinds.Token, organizationId, id, limit),
        store, organizationId, ownerId: null, memberId: id);

    public static TokensBelow Organization(IRecordStore store, string id) => Of(
        limit => store.Live(Kinds.Token, id, memberId: null, limit),
        store, id, ownerId: null, memberId: null);

    private static TokensBelow Of(
        Func<int, Task<IReadOnlyList<StoredRecord>>> live,
        IRecordStore store, string organizationId, string? ownerId, string? memberId) => new(
            organizationId,
            live,
            async limit => await live(limit) is { Count: > 0 } rows
                ? rows
                : await store.Unfinished(Kinds.Token, organizationId, ownerId, memberId, limit));
}
