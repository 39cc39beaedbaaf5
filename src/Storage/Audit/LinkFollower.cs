using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;
using TokenActors.Storage.Writing;

namespace TokenActors.Storage.Audit;

/// <summary>
/// Enters the rows of one link of the trail after the other in tables that follow it, a minute after they were written,
/// so that no change makes an entry of its own. Which link is entered is a row of the database, so that links of before
/// and of older programs are entered in their turn.
/// </summary>
/// <param name="database">where the trail is</param>
/// <param name="serviceId">whose it is</param>
/// <param name="queries">reads</param>
/// <param name="writer">writes</param>
/// <param name="name">what the statements of place, beginning and advance end with</param>
/// <param name="entering">the statements that enter a link, which may be done again; in this order</param>
internal sealed class LinkFollower(
    Database database, string serviceId, Queries queries, GroupCommit writer, string name, params string[] entering)
{
    /// <summary>
    /// Enters the first link that is not entered. Several silos may do so at the same time: they enter the same.
    /// </summary>
    /// <returns>false where every link is entered</returns>
    public async Task<bool> EnterNext()
    {
        if (await Entered() is not { } entered)
        {
            await Execute($"begin_{name}");
            return true;
        }

        if (await Link(entered + 1) is not { } link)
        {
            return false;
        }

        foreach (var statement in entering)
        {
            await Execute(statement, ("link", link.Number), ("first", link.First), ("last", link.Last));
        }

        await Execute($"advance_{name}", ("link", link.Number));
        return true;
    }

    /// <summary>The number of the last row that is entered; 0 where none is.</summary>
    public async Task<long> EnteredUpTo() =>
        await Entered() is > 0 and var last && await Link(last) is { } link ? link.Last : 0;

    private async Task<long?> Entered() =>
        await queries.Many($"place_of_{name}", row => row.GetInt64(0)) is [var link] ? link : null;

    private Task<AuditLink?> Link(long number) => queries.One("link_numbered", AuditColumns.ReadLink, ("link", number));

    /// <summary>A parameter that a statement does not name is left out.</summary>
    private Task<int> Execute(string statement, params (string Name, object? Value)[] parameters)
    {
        var named = SqlText.ParametersOf(database.Sql[statement]).ToHashSet();
        return writer.Execute(
            database.Sql[statement], [("service", serviceId), .. parameters.Where(
                parameter => named.Contains(parameter.Name))]);
    }
}
