using System.Data.Common;

namespace TokenActors.Storage.Writing;

/// <summary>Writes rows that nobody waits for, so that one which the database refuses keeps no other from being
/// written.</summary>
public static class RefusableRows
{
    /// <summary>Writes rows in one statement, and in halves where the database refuses what one of them
    /// holds.</summary>
    /// <param name="rows">what is written</param>
    /// <param name="write">writes some of them, all or none</param>
    /// <param name="refused">is told of a row that is left out, and why</param>
    /// <exception cref="Records.StorageUnavailableException">the database is away: some of the rows may be
    /// written</exception>
    public static async Task Write<T>(
        ArraySegment<T> rows, Func<IReadOnlyCollection<T>, Task> write, Action<T, DbException> refused)
    {
        try
        {
            await write(rows);
        }
        catch (DbException e) when (rows.Count == 1)
        {
            refused(rows[0], e);
        }
        catch (DbException)
        {
            var half = rows.Count / 2;
            await Write(rows[..half], write, refused);
            await Write(rows[half..], write, refused);
        }
    }
}
