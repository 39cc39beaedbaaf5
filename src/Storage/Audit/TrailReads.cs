using System.Data.Common;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;
using TokenActors.Storage.Writing;

namespace TokenActors.Storage.Audit;

/// <summary>What a row of the audit trail says happened.</summary>
/// <param name="Number">its number; a row gets it before it is committed</param>
/// <param name="OrganizationId">in whose trail it stands</param>
/// <param name="Event">e.g. <c>token.deleted</c></param>
/// <param name="Subject">to what</param>
/// <param name="HadTokensBelow">a token was deleted that others were made with</param>
public sealed record TrailRow(long Number, string OrganizationId, string Event, RecordKey Subject, bool HadTokensBelow);

/// <summary>
/// Reads the audit trail as it grows. Every member throws <see cref="StorageUnavailableException"/> where the database
/// does not answer.
/// </summary>
public interface ITrailReads
{
    /// <summary>The highest number that is committed; 0 in an empty trail.</summary>
    Task<long> End();

    /// <summary>Committed rows after a number, in order.</summary>
    Task<IReadOnlyList<TrailRow>> After(long number, int limit);

    /// <summary>Of some numbers those whose rows are committed by now.</summary>
    Task<IReadOnlyList<TrailRow>> Late(IReadOnlyCollection<long> numbers);
}

/// <summary>The trail of one service in one database.</summary>
internal sealed class TrailReads(Queries queries) : ITrailReads
{
    public async Task<long> End() => (await queries.Many("trail_end", row => row.GetInt64(0)))[0];

    public Task<IReadOnlyList<TrailRow>> After(long number, int limit) =>
        queries.Many("trail_after", Read, ("after", number), ("limit", limit));

    public Task<IReadOnlyList<TrailRow>> Late(IReadOnlyCollection<long> numbers) =>
        queries.Many("trail_late", Read, ("keys", JsonArray.Of(numbers.Cast<object>())));

    private static TrailRow Read(DbDataReader row)
    {
        var next = new ColumnReader(row);
        return new(next.Number(), next.Text(), next.Text(), new(next.Text(), next.Text()), next.Number() > 0);
    }
}
