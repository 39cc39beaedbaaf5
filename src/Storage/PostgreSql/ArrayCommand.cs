using Npgsql;
using NpgsqlTypes;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.PostgreSql;

/// <summary>
/// A statement over arrays, one for each column, that one connection prepares at its first use and fills again for each group: its text of some
/// forty parameters is read only once.
/// </summary>
internal sealed class ArrayCommand(NpgsqlConnection connection, string sql, string serviceId)
{
    private readonly NpgsqlCommand _command = new(sql, connection) { Parameters = { new NpgsqlParameter<string>("service", serviceId) } };
    private int _filled = 1;
    private bool _prepared;

    /// <summary>Sets the next parameters, one for each column.</summary>
    /// <param name="columns">whose names are the parameters'</param>
    /// <param name="rows">whose values they hold</param>
    /// <param name="prefix">comes before the names</param>
    public void Add<TRow>(IReadOnlyList<Column<TRow>> columns, IReadOnlyList<TRow> rows, string prefix = "")
    {
        foreach (var column in columns)
        {
            switch (column)
            {
                case TextColumn<TRow> text: Add(text.Name, NpgsqlDbType.Text, rows, text.Value, prefix); break;
                case NumberColumn<TRow> number: Add(number.Name, NpgsqlDbType.Bigint, rows, number.Value, prefix); break;
                case BytesColumn<TRow> bytes: Add(bytes.Name, NpgsqlDbType.Bytea, rows, bytes.Value, prefix); break;
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
            _command.Parameters.Add(new NpgsqlParameter<TValue[]>(prefix + name, NpgsqlDbType.Array | type) { TypedValue = values });
        }
        else
        {
            ((NpgsqlParameter<TValue[]>)_command.Parameters[_filled]).TypedValue = values;
        }

        _filled++;
    }

    /// <summary>Runs it with what was set, and reads all rows of its answer.</summary>
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
