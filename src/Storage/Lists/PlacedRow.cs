using System.Data.Common;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Lists;

/// <summary>Rows with the values of the order fields behind their columns.</summary>
internal static class PlacedRow
{
    public static PlacedRecord Read(DbDataReader row, ListQuery query)
    {
        var record = RecordColumns.Read(row);
        var first = RecordColumns.OfInsert.Count;
        return new(record, new ListPlace([.. query.Orders.Select((_, i) => row.GetValue(first + i))], record.Key.Id));
    }
}
