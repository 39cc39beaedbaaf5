using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Records;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tokens;

/// <summary>What is committed of a decided change: the row, its audit entry and, for a new token, what it may not be made without.</summary>
internal static class TokenCommits
{
    public static Commit Of(
        TokenState next, TokenState? before, TokenEvent happened, CallContext? context, string commandId, DateTimeOffset? dueAt,
        DateTimeOffset? lastUsed, DateTimeOffset now)
    {
        var audit = AuditEntries.Of(
            new(Kinds.Token, next.Id.ToString()), context, commandId, next.OrganizationId.ToString(), EventName(happened), next.Version, now,
            about: (next.AccountId, next.OwnerType == TokenOwnerType.Integration ? Guid.Parse(next.OwnerId) : null));
        return TokenRecord.ToCommit(next, before, commandId, dueAt, lastUsed, audit) with { LiveParents = before is null ? ParentsOf(next) : [] };
    }

    public static string EventName(TokenEvent happened) => "token." + GrainTelemetry.Words.Of(happened);

    private static IReadOnlyList<RecordKey> ParentsOf(TokenState state) =>
    [
        new(Kinds.Organization, state.OrganizationId.ToString()),
        .. state.OwnerType == TokenOwnerType.Integration ? (ReadOnlySpan<RecordKey>)[new(Kinds.Integration, state.OwnerId)] : [],
        .. state.AccountId is { } account ? (ReadOnlySpan<RecordKey>)[new(Kinds.Account, account.ToString())] : [],
        .. state.ParentId == state.Id ? (ReadOnlySpan<RecordKey>)[] : [new(Kinds.Token, state.ParentId.ToString())],
    ];
}
