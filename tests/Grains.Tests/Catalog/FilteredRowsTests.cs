using System.Reflection;
using TokenActors.Domain.Lists;
using TokenActors.Grains.Catalog;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Catalog;

/// <summary>What a caller may see where every row has to be asked about, over a list that has no end.</summary>
public sealed class FilteredRowsTests
{
    private static readonly RecordScope Scope = new(Kinds.Token, "o1");

    private static readonly ListQuery Query = new(
        LifecycleTokenList.Schema, 10, null, [new ListOrder(LifecycleTokenList.Schema.Find("id")!, Descending: true)], []);

    private readonly IRecordStore _store = DispatchProxy.Create<IRecordStore, EndlessStore>();

    private EndlessStore Endless => (EndlessStore)(object)_store;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(500)]
    public async Task A_total_counts_among_the_first_ten_thousand_rows_and_reads_no_more(int every)
    {
        FilteredRows rows = new(_store, Scope, page => Task.FromResult(page.Where(row => row.Version % every == 0)));
        Assert.Equal(10_000 / every, await rows.Count(Query, CancellationToken.None));
        Assert.Equal(10_000, Endless.Read);
    }

    /// <summary>Of a row in a hundred, a page of ten is full after a thousand rows, and some that were read with
    /// them.</summary>
    [Fact]
    public async Task A_page_is_full_after_as_many_rows_as_it_takes()
    {
        FilteredRows rows = new(_store, Scope, page => Task.FromResult(page.Where(row => row.Version % 100 == 0)));
        var page = await rows.Page(Query, CancellationToken.None);
        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"{100 * i}"), page?.Select(row => row.Key.Id));
        Assert.InRange(Endless.Read, 1_000, 1_600);
    }

    /// <summary>Gives as many rows as are asked for, from the one on that is numbered behind the last.</summary>
    public class EndlessStore : DispatchProxy
    {
        public long Read { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod?.Name != nameof(IRecordStore.List) || args is not [RecordScope, ListQuery query])
            {
                throw new NotSupportedException(targetMethod?.Name);
            }

            var first = query.StartAfter is { } after
                ? int.Parse(after, System.Globalization.CultureInfo.InvariantCulture)
                : 0;
            Read += query.Limit;
            return Task.FromResult<IReadOnlyList<StoredRecord>?>(
                [.. Enumerable.Range(first + 1, query.Limit).Select(Row)]);
        }

        private static StoredRecord Row(int number) => new()
        {
            Key = new(Kinds.Token, $"{number}"), Version = number, CommandId = "c", State = "{}", OrganizationId = "o1", Name = $"n{number}",
            CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch,
        };
    }
}
