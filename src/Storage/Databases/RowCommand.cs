using System.Data.Common;

namespace TokenActors.Storage.Databases;

/// <summary>A prepared statement that is executed once per row; parameters are made by the first row and refilled by the next.</summary>
internal sealed class RowCommand(DbConnection connection, string sql) : IAsyncDisposable
{
    private readonly DbCommand _command = connection.Command(sql);

    public DbCommand With(DbTransaction? transaction, IEnumerable<(string Name, object? Value)> parameters)
    {
        _command.Transaction = transaction;
        var i = 0;
        var first = _command.Parameters.Count == 0;
        foreach (var (name, value) in parameters)
        {
            if (first)
            {
                _command.Bind(name, value);
            }
            else
            {
                _command.Parameters[i].Value = value ?? DBNull.Value;
            }

            i++;
        }

        return _command;
    }

    public ValueTask DisposeAsync() => _command.DisposeAsync();
}
