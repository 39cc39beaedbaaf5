using System.Data.Common;

namespace TokenActors.Storage.Databases;

/// <summary>
/// A prepared statement that is executed for row after row: all parameters of a row are added, then it is executed.
/// </summary>
internal abstract class RowStatement : IParameters, IDisposable
{
    public abstract void Add(string name, string? value);

    public abstract void Add(string name, long? value);

    public abstract void Add(string name, byte[]? value);

    /// <summary>Executes a command, and returns how many rows it changed.</summary>
    public abstract int Execute();

    /// <summary>Executes a query, and returns whether it found a row.</summary>
    public abstract bool Finds();

    public virtual void Join(DbTransaction? transaction)
    {
    }

    public abstract void Dispose();
}

/// <summary>A statement through ADO.NET. The first row makes its parameters; later rows set their values.</summary>
internal sealed class DbRowStatement(DbConnection connection, string sql) : RowStatement
{
    private readonly DbCommand _command = connection.Command(sql);
    private int _next;

    public override void Add(string name, string? value) => Set(name, value ?? (object)Null.Text);

    public override void Add(string name, long? value) => Set(name, value ?? (object)Null.Number);

    public override void Add(string name, byte[]? value) => Set(name, value ?? (object)Null.Bytes);

    public override void Join(DbTransaction? transaction) => _command.Transaction = transaction;

    public override int Execute()
    {
        _next = 0;
        return _command.ExecuteNonQuery();
    }

    public override bool Finds()
    {
        _next = 0;
        using var reader = _command.ExecuteReader();
        return reader.Read();
    }

    public override void Dispose() => _command.Dispose();

    private void Set(string name, object? value)
    {
        if (_next == _command.Parameters.Count)
        {
            _command.Bind(name, value);
        }
        else
        {
            Commands.Set(_command.Parameters[_next], name, value);
        }

        _next++;
    }
}
