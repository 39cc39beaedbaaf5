using System.Data.Common;
using System.Globalization;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Databases;

/// <summary>Asks a server what the service needs to know of it, and writes nothing.</summary>
internal static class DatabaseCheck
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(1);

    /// <summary>Facts about version, isolation, collation, rights and clock, and the plans of the hot
    /// statements.</summary>
    public static async Task<IReadOnlyList<ServerFact>> Run(Database database, string serviceId, TimeProvider time)
    {
        try
        {
            await using var connection = await database.OpenKeyed();
            List<ServerFact> facts = [.. await database.Inspect(connection), await Clock(database, connection, time)];
            foreach (var statement in database.HotStatements)
            {
                facts.Add(await Plan(database, connection, statement, serviceId));
            }

            return facts;
        }
        catch (Exception e) when (e is DbException or TimeoutException or IOException)
        {
            throw new StorageUnavailableException("the database did not answer", e);
        }
    }

    /// <summary>A login without rights on a table is told no plan, and what else is known of the server is still
    /// said.</summary>
    private static async Task<ServerFact> Plan(
        Database database, DbConnection connection, string statement, string serviceId)
    {
        var what = $"plan of {statement}";
        try
        {
            var plan = await database.Explain(connection, statement, serviceId);
            return new ServerFact(
                what, string.Join("\n  ", plan.Select(line => line.Trim())),
                plan.Any(database.IsScan) ? "it reads the whole table; bring the statistics up to date (ANALYZE)" : null);
        }
        catch (DbException e) when (!database.IsOutage(e))
        {
            return new ServerFact(what, e.Message, "the server refuses to plan it");
        }
    }

    private static async Task<ServerFact> Clock(Database database, DbConnection connection, TimeProvider time)
    {
        await using var command = connection.Command(database.Sql["server_time"]);
        var text = (string)(await command.ExecuteScalarAsync() ?? "");
        var server = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var ahead = server - time.GetUtcNow();
        return new ServerFact(
            "clock", string.Create(CultureInfo.InvariantCulture, $"{ahead.TotalSeconds:0.0} s ahead of this machine"),
            ahead.Duration() > Skew ? "run NTP on both; leases live on the database's clock" : null);
    }
}
