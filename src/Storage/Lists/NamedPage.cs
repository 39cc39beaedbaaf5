using System.Data.Common;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Lists;

/// <summary>Reads one page of a list of named, live rows.</summary>
internal sealed class NamedPage(
    DbConnection connection, SqlText sql, string serviceId, RecordScope scope, ListQuery query)
{
    /// <summary>Null where <c>start_after</c> says no place to go on at.</summary>
    public async Task<IReadOnlyList<StoredRecord>?> Read()
    {
        var (found, after) = await new PageStart(connection, sql, serviceId, scope, query).Find();
        if (!found)
        {
            return null;
        }

        var rows = await Page(query, after);
        return IsCutInsideKey && rows.Count == query.Limit ? [.. rows, .. await RestOfKey(rows[^1])] : rows;
    }

    /// <summary>Several rows may have the key that the next page goes on after.</summary>
    private bool IsCutInsideKey =>
        query.Schema.SharesKeys && scope.OwnerId is null
        && query.Orders is [{ Field: var ordered }] && ordered == query.Schema.Key;

    /// <summary>Those rows that share the key of a page's last one and come after it, as far as a page goes.</summary>
    private Task<List<StoredRecord>> RestOfKey(StoredRecord last)
    {
        var key = last.NameKey ?? last.Name;
        var same = new ListFilter(query.Schema.Key, ListOperator.Eq, [key]);
        var rest = query with { Limit = ListQuery.MaxLimit, Filters = [.. query.Filters, same] };
        return Page(rest, ([key], last.Key.Id));
    }

    private async Task<List<StoredRecord>> Page(ListQuery wanted, (IReadOnlyList<object> Values, string? Id)? after)
    {
        var compiler = new ListCompiler(sql, serviceId);
        await using var page = connection.Command(compiler.Page(scope, wanted, after), [.. compiler.Parameters]);
        return await page.ReadAll(RecordColumns.Read);
    }
}
