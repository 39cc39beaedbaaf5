using Microsoft.Data.Sqlite;
using SQLitePCL;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.Sqlite;

/// <summary>
/// A statement through SQLite's C interface: ADO.NET boxes each of the forty parameters of a refresh and looks it up by
/// name for every row.
/// </summary>
internal sealed class SqliteRowStatement : RowStatement
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly List<int> _positions = [];
    private int _next;

    public SqliteRowStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    public override void Add(string name, string? value)
    {
        if (Position(name) is > 0 and var position)
        {
            Check(value is null
                ? raw.sqlite3_bind_null(_statement, position)
                : raw.sqlite3_bind_text(_statement, position, value));
        }
    }

    public override void Add(string name, long? value)
    {
        if (Position(name) is > 0 and var position)
        {
            Check(value is { } number
                ? raw.sqlite3_bind_int64(_statement, position, number)
                : raw.sqlite3_bind_null(_statement, position));
        }
    }

    public override void Add(string name, byte[]? value)
    {
        if (Position(name) is > 0 and var position)
        {
            Check(value is null
                ? raw.sqlite3_bind_null(_statement, position)
                : raw.sqlite3_bind_blob(_statement, position, value));
        }
    }

    public override int Execute()
    {
        Step(raw.SQLITE_DONE);
        return raw.sqlite3_changes(_database);
    }

    public override bool Finds() => Step(raw.SQLITE_DONE, raw.SQLITE_ROW) == raw.SQLITE_ROW;

    public override void Dispose() => _statement.Dispose();

    private int Step(params ReadOnlySpan<int> expected)
    {
        _next = 0;
        var code = raw.sqlite3_step(_statement);
        if (expected.Contains(code))
        {
            raw.sqlite3_reset(_statement);
            return code;
        }

        // The exception reads the extended code from the connection, so it is made before the next call on it.
        try
        {
            SqliteException.ThrowExceptionForRC(code, _database);
            throw new InvalidOperationException($"SQLite answered {code}");
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }

    /// <summary>
    /// The position of the next parameter, looked up for the first row only; 0 where the statement does not use it.
    /// </summary>
    private int Position(string name)
    {
        if (_next == _positions.Count)
        {
            _positions.Add(raw.sqlite3_bind_parameter_index(_statement, "@" + name));
        }

        return _positions[_next++];
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            _next = 0;
            SqliteException.ThrowExceptionForRC(code, _database);
        }
    }
}
