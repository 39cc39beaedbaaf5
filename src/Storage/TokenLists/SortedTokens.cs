using System.Data.Common;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Lists;
using TokenActors.Storage.Records;
using TokenActors.Storage.Writing;

namespace TokenActors.Storage.TokenLists;

/// <summary>
/// Tokens by their end and by their labels, in tables of their own: an index of <c>records</c> would move with every
/// refresh. They follow the trail, a minute behind; a list is what they have and the tokens that were changed since.
/// </summary>
public sealed class SortedTokens
{
    /// <summary>How many tokens a list sorts by itself where it could walk them in another order.</summary>
    private const int Few = 5_000;

    /// <summary>
    /// Rows behind what is entered beyond which the organization's tokens are read: PostgreSQL puts so many of them
    /// into a hash table within its default memory, and looks through many more again for each token that is walked.
    /// </summary>
    private const long LongestTail = 50_000;

    private const string Token = "token";

    private readonly SqlText _sql;
    private readonly string _serviceId;
    private readonly LinkFollower _follower;

    internal SortedTokens(Database database, string serviceId, Queries queries, GroupCommit writer)
    {
        (_sql, _serviceId) = (database.Sql, serviceId);
        _follower = new LinkFollower(
            database, serviceId, queries, writer, "token_lists",
            "move_token_ends", "enter_token_ends", "forget_token_ends", "enter_token_labels", "forget_token_labels");
    }

    /// <inheritdoc cref="LinkFollower.EnterNext"/>
    public Task<bool> EnterNext() => _follower.EnterNext();

    /// <summary>A page of tokens in an order.</summary>
    internal async Task<IReadOnlyList<PlacedRecord>> Page(
        DbConnection connection, RecordScope scope, ListQuery query, ListPlace? after, DateTimeOffset now)
    {
        var walk = await WalkOf(connection, scope, query, now);
        PlacedPage page = new(_sql, _serviceId, now);
        await using var command = connection.Command(page.Compile(scope, query, after, walk), [.. page.Parameters]);
        return await command.ReadAll(row => PlacedRow.Read(row, query));
    }

    /// <summary>
    /// The table that serves a list best: that of labels where the list is of one label, in the order of ids or of few
    /// tokens; that of ends in their order, or where few end so; else none.
    /// </summary>
    private async Task<SortedWalk?> WalkOf(
        DbConnection connection, RecordScope scope, ListQuery query, DateTimeOffset now)
    {
        var label = query.Filters.FirstOrDefault(
            filter => filter is { Field.Sorted: SortedBeside.Labels, Operator: ListOperator.Eq })?.Values[0];
        var first = query.Orders[0].Field;
        var isByEnd = first.Sorted == SortedBeside.Ends;
        var isBounded = first.Sorted is null && query.Schema == LifecycleTokenList.Schema
            && query.Filters.Any(SortedWalk.BoundsEnds);
        if (scope is not { Kind: Token, UnnamedToo: true, Below: null, OwnerId: null, Listing: null }
            || (label is null && !isByEnd && !isBounded)
            || await Entered(connection) is not { } entered)
        {
            return null;
        }

        if (label is not null)
        {
            SortedWalk labels = new(SortedBeside.Labels, entered, label);
            if (first.Column == "id" || await IsShort(connection, labels, scope, query, now))
            {
                return labels;
            }
        }

        SortedWalk ends = new(SortedBeside.Ends, entered);
        return isByEnd || (isBounded && await IsShort(connection, ends, scope, query, now)) ? ends : null;
    }

    /// <summary>The last row that the tables know of; null where too many are behind it.</summary>
    private async Task<long?> Entered(DbConnection connection)
    {
        await using var command = connection.Command(_sql["token_lists_entered"], ("service", _serviceId));
        var (entered, end) = (await command.ReadAll(row => (row.GetInt64(0), row.GetInt64(1))))[0];
        return end - entered <= LongestTail ? entered : null;
    }

    private async Task<bool> IsShort(
        DbConnection connection, SortedWalk walk, RecordScope scope, ListQuery query, DateTimeOffset now)
    {
        ListParameters parameters = new(_serviceId);
        var rows = walk.Rows(scope.OrganizationId, query, parameters, now);
        await using var command = connection.Command(
            $"SELECT CAST(COUNT(*) AS bigint) FROM ({rows} ORDER BY {(walk.Table == SortedBeside.Ends ? "ends_at" : "token_id")} "
                + $"{parameters.Limit(_sql, 0L, Few + 1)}) few",
            [.. parameters.All]);
        return (await command.ReadAll(row => row.GetInt64(0)))[0] <= Few;
    }
}
