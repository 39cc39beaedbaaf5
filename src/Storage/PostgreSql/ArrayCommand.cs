using Npgsql;
using NpgsqlTypes;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.PostgreSql;

/// <summary>
/// A statement whose parameters are arrays, one for each column. A connection prepares it at its first use and sets new
/// arrays for each group, so that its text with some forty parameters is parsed once.
/// </summary>
internal sealed class ArrayCommand(NpgsqlConnection connection, string sql, string serviceId)
{
    private readonly NpgsqlCommand _command =
        new(sql, connection) { Parameters = { new NpgsqlParameter<string>("service", serviceId) } };
    private int _filled = 1;
    private bool _prepared;

    /// <summary>Sets the next parameters, one for each column.</summary>
    /// <param name="columns">the columns, after which the parameters are named</param>
    /// <param name="rows">the rows whose values the arrays hold</param>
    /// <param name="prefix">put before each column's name</param>
    public void Add<TRow>(IReadOnlyList<Column<TRow>> columns, IReadOnlyList<TRow> rows, string prefix = "")
    {
        foreach (var column in columns)
        {
            switch (column)
            {
                case TextColumn<TRow> c: Add(c.Name, NpgsqlDbType.Text, rows, c.Value, prefix); break;
                case NumberColumn<TRow> c: Add(c.Name, NpgsqlDbType.Bigint, rows, c.Value, prefix); break;
                case BytesColumn<TRow> c: Add(c.Name, NpgsqlDbType.Bytea, rows, c.Value, prefix); break;
            }
        }
    }

    /// <summary>Sets the next parameter; always the same ones in the same order.</summary>
    public void Add<TRow, TValue>(
        string name, NpgsqlDbType type, IReadOnlyList<TRow> rows, Func<TRow, TValue> value, string prefix = "")
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }

        if (_filled == _command.Parameters.Count)
        {
            _command.Parameters.Add(
                new NpgsqlParameter<TValue[]>(prefix + name, NpgsqlDbType.Array | type) { TypedValue = values });
        }
        else
        {
            ((NpgsqlParameter<TValue[]>)_command.Parameters[_filled]).TypedValue = values;
        }

        _filled++;
    }

    /// <summary>Executes the statement with the parameters that were set, and reads all rows of its result.</summary>
    public async Task<List<T>> ReadAll<T>(Func<System.Data.Common.DbDataReader, T> read)
    {
        _filled = 1;
        if (!_prepared)
        {
            await _command.PrepareAsync();
            _prepared = true;
        }

        return await _command.ReadAll(read);
    }
}
