using System.Collections.Frozen;
using System.Data;
using System.Data.Common;

namespace TokenActors.Storage.Databases;

/// <summary>A null that says what it could have been.</summary>
internal sealed record Null(DbType Type)
{
    public static readonly Null Text = new(DbType.String);
    public static readonly Null Number = new(DbType.Int64);
    public static readonly Null Bytes = new(DbType.Binary);
}

/// <summary>ADO.NET commands with named parameters.</summary>
internal static class Commands
{
    /// <summary>Of <see cref="DbCommand.CommandTimeout"/>.</summary>
    public const int NoTimeout = 0;

    private const int LongestText = 4000;

    /// <summary>Parameters that may always be longer.</summary>
    private static readonly FrozenSet<string> Unlimited = new[] { "rows", "audit", "parents", "keys", "told", "sent", "data", "resource" }
        .Concat(
            RecordColumns.OfInsert.Where(column => column.Width == TextWidth.Unlimited).Select(column => column.Name))
        .ToFrozenSet();

    public static DbCommand Command(
        this DbConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Bind(name, value);
        }

        return command;
    }

    public static void Bind(this DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        // Without the prefix SQLite's driver looks the name up with each of its three prefixes.
        parameter.ParameterName = "@" + name;
        Set(parameter, name, value);
        command.Parameters.Add(parameter);
    }

    /// <summary>
    /// Sets a value. Texts are declared with one of two sizes, whatever their length, and nulls with their type: SQL
    /// Server would plan a statement anew for each declaration.
    /// </summary>
    public static void Set(DbParameter parameter, string name, object? value)
    {
        if (value is string or Null { Type: DbType.String })
        {
            parameter.DbType = DbType.String;
            parameter.Size = Unlimited.Contains(name) || value is string { Length: > LongestText } ? -1 : LongestText;
        }
        else if (value is byte[] or Null { Type: DbType.Binary })
        {
            parameter.DbType = DbType.Binary;
            parameter.Size = -1;
        }
        else if (value is Null missing)
        {
            parameter.DbType = missing.Type;
        }

        parameter.Value = value is null or Null ? DBNull.Value : value;
    }

    public static async Task<List<T>> ReadAll<T>(this DbCommand command, Func<DbDataReader, T> read)
    {
        await using var reader = await command.ExecuteReaderAsync();
        List<T> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>A connection for which something was set; given back where it cannot be.</summary>
    public static async Task<DbConnection> With(this DbConnection connection, string statement)
    {
        try
        {
            await using var command = connection.Command(statement);
            await command.ExecuteNonQueryAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
