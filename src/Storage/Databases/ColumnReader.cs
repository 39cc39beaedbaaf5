using System.Data.Common;

namespace TokenActors.Storage.Databases;

/// <summary>Reads a row's columns one after the other, in the order in which the statement names them.</summary>
/// <param name="row">the row</param>
/// <param name="next">the first column to read</param>
internal struct ColumnReader(DbDataReader row, int next = 0)
{
    public string Text() => row.GetString(next++);

    public string? TextOrNull() => row.IsDBNull(next++) ? null : row.GetString(next - 1);

    public long Number() => row.GetInt64(next++);

    public DateTimeOffset Time() => Times.OfMicros(row.GetInt64(next++));

    public DateTimeOffset? TimeOrNull() => row.IsDBNull(next++) ? null : Times.OfMicros(row.GetInt64(next - 1));

    public byte[]? BytesOrNull() => row.IsDBNull(next++) ? null : row.GetFieldValue<byte[]>(next - 1);
}
