using System.Data.Common;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Lists;

/// <summary>Where a page begins, by its <c>start_after</c>.</summary>
internal sealed class PageStart(
    DbConnection connection, SqlText sql, string serviceId, RecordScope scope, ListQuery query)
{
    private const string IdForm = "D";

    /// <summary>
    /// In a list ordered by the key alone the key says where, whether there is such a row or not. In other orders it is
    /// the row of that key, else one of that id, else the last deleted one that had that name, else a time that the
    /// list is ordered by.
    /// </summary>
    /// <returns>false where nothing of that is so; a null place is the beginning</returns>
    public async Task<(bool Found, (IReadOnlyList<object> Values, string? Id)? After)> Find()
    {
        if (query.StartAfter is not { } text)
        {
            return (true, null);
        }

        var isId = Guid.TryParseExact(text, IdForm, out _);
        var byKey = query.Orders is [{ Field: var only }] && only == query.Schema.Key;
        if (!byKey || isId)
        {
            var rows = isId ? [] : await Read(compiler => compiler.StartRow(scope, query, text));
            if (rows is [])
            {
                rows = await Read(compiler => isId
                    ? compiler.StartRowById(scope, query, text)
                    : compiler.DeletedStartRow(scope, query, text));
            }

            if (rows is [var row])
            {
                return (true, row);
            }

            if (rows.Count > 1)
            {
                return (false, null);
            }
        }

        var first = query.Orders[0].Field;
        var value = byKey ? FieldSql.ValueOf(first, text) : FieldSql.StartOf(first, text);
        return value is null ? (false, null) : (true, ([value], null));
    }

    private async Task<List<(IReadOnlyList<object> Values, string? Id)>> Read(Func<ListCompiler, string> statement)
    {
        var compiler = new ListCompiler(sql, serviceId);
        await using var command = connection.Command(statement(compiler), [.. compiler.Parameters]);
        return await command.ReadAll(row => (
            Values: (IReadOnlyList<object>)[.. query.Orders.Select((order, i) => ValueOf(row, order.Field, i + 2))],
            Id: (string?)row.GetString(0)));
    }

    /// <summary>A deleted row has no name key any more, but the name that it was made of.</summary>
    private static object ValueOf(DbDataReader row, ListField field, int place) =>
        row.IsDBNull(place) && field.Kind == ListFieldKind.Name ? NameKey.Of(row.GetString(1)) : row.GetValue(place);
}
