using Microsoft.Data.Sqlite;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>What a service has stored, to be compared with what it stores later.</summary>
internal static class StoredState
{
    /// <summary>
    /// Every row, how many changes the trail tells of, and how many events there are. A token's version is left out:
    /// its grain notes by itself that a new secret was presented.
    /// </summary>
    public static string State(this Service service)
    {
        using var database = Open(service);
        using var command = database.CreateCommand();
        command.CommandText = """
            SELECT (SELECT group_concat(r) FROM (SELECT kind || id || status || coalesce(name_key, '') || state || CASE kind WHEN 'token' THEN 0 ELSE version END AS r
                FROM records ORDER BY kind, id)) || (SELECT count(*) FROM audit WHERE outcome = 'done')
                || ' ' || (SELECT count(*) FROM events) || ' ' || (SELECT count(*) FROM deliveries)
            """;
        return (string)command.ExecuteScalar()!;
    }

    /// <summary>What the trail says since a row, of which the number is moved on.</summary>
    public static IReadOnlyList<string> EventsSince(this Service service, ref long number)
    {
        using var database = Open(service);
        using var command = database.CreateCommand();
        command.CommandText = $"SELECT number, event FROM audit WHERE number > {number} ORDER BY number";
        using var rows = command.ExecuteReader();
        List<string> events = [];
        while (rows.Read())
        {
            number = rows.GetInt64(0);
            events.Add(rows.GetString(1));
        }

        return events;
    }

    private static SqliteConnection Open(Service service)
    {
        var database = new SqliteConnection(
            $"Data Source={Path.Combine(service.Folder, "tokenactors.db")};Mode=ReadOnly;Pooling=False");
        database.Open();
        return database;
    }
}
