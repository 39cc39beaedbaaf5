namespace TokenActors.Storage.Databases;

/// <summary>What a column holds.</summary>
internal enum ColumnKind
{
    Text,
    Number,
    Bytes,
}

/// <summary>
/// How many UTF-16 units a text column holds, where a database must be told: as many as the wire lets in. The clustered
/// key of <c>records</c> takes 480 of 900 bytes, the index on names 1,580 of 1,700.
/// </summary>
internal static class TextWidth
{
    public const int Word = 20;
    public const int Kind = 40;
    public const int Id = 100;

    /// <summary>Names that are unique; the API allows 128.</summary>
    public const int NameKey = 450;

    /// <summary>Names of the facades; LaunchDarkly's have up to 1,024.</summary>
    public const int Name = 1100;

    /// <summary>User agents and paths, which the gateway cuts.</summary>
    public const int Line = 1100;

    public const int Unlimited = -1;
}

/// <summary>The part of a column that does not depend on the kind of row.</summary>
internal interface IColumn
{
    string Name { get; }

    ColumnKind Kind { get; }

    /// <summary>See <see cref="TextWidth"/>.</summary>
    int Width { get; }
}

/// <summary>
/// A column that rows are written to: its name, which is its parameter's too, and how a row's value is found.
/// </summary>
internal abstract class Column<TRow>(string name) : IColumn
{
    public string Name => name;

    public virtual int Width => 0;

    public abstract ColumnKind Kind { get; }

    public abstract void AddTo(IParameters parameters, TRow row);
}

internal sealed class TextColumn<TRow>(string name, Func<TRow, string?> value, int width = TextWidth.Id)
    : Column<TRow>(name)
{
    public override int Width => width;

    public override ColumnKind Kind => ColumnKind.Text;

    public Func<TRow, string?> Value => value;

    public override void AddTo(IParameters parameters, TRow row) => parameters.Add(Name, value(row));
}

internal sealed class NumberColumn<TRow>(string name, Func<TRow, long?> value) : Column<TRow>(name)
{
    public override ColumnKind Kind => ColumnKind.Number;

    public Func<TRow, long?> Value => value;

    public override void AddTo(IParameters parameters, TRow row) => parameters.Add(Name, value(row));
}

internal sealed class BytesColumn<TRow>(string name, Func<TRow, byte[]?> value) : Column<TRow>(name)
{
    public override ColumnKind Kind => ColumnKind.Bytes;

    public Func<TRow, byte[]?> Value => value;

    public override void AddTo(IParameters parameters, TRow row) => parameters.Add(Name, value(row));
}
