namespace TokenActors.Storage.Databases;

/// <summary>
/// A column that rows are written to: its name, which is its parameter's too, and how a row's value is found.
/// </summary>
internal abstract class Column<TRow>(string name)
{
    public string Name => name;

    public abstract void AddTo(IParameters parameters, TRow row);
}

internal sealed class TextColumn<TRow>(string name, Func<TRow, string?> value) : Column<TRow>(name)
{
    public Func<TRow, string?> Value => value;

    public override void AddTo(IParameters parameters, TRow row) => parameters.Add(Name, value(row));
}

internal sealed class NumberColumn<TRow>(string name, Func<TRow, long?> value) : Column<TRow>(name)
{
    public Func<TRow, long?> Value => value;

    public override void AddTo(IParameters parameters, TRow row) => parameters.Add(Name, value(row));
}

internal sealed class BytesColumn<TRow>(string name, Func<TRow, byte[]?> value) : Column<TRow>(name)
{
    public Func<TRow, byte[]?> Value => value;

    public override void AddTo(IParameters parameters, TRow row) => parameters.Add(Name, value(row));
}
