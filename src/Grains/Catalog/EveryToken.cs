using TokenActors.Domain.Lists;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.StoredTokens;
using TokenActors.Grains.Usage;
using TokenActors.Storage.Records;
using TokenActors.Storage.Usage;

namespace TokenActors.Grains.Catalog;

/// <summary>Tokens of every kind, by pages whose cursors hold the place and not the row.</summary>
internal sealed class EveryToken(IRecordStore store, TokenUseStore uses, TokenListRequest request, DateTimeOffset now)
{
    private const int FewestAtOnce = 50;
    private const int MostAtOnce = 500;

    /// <summary>How many rows one page looks at, where the caller sees few of them.</summary>
    private const int MostLookedAt = 5_000;

    /// <summary>Those of some rows that the caller sees, in their order. Null: all.</summary>
    public Func<IReadOnlyList<StoredRecord>, Task<IEnumerable<StoredRecord>>>? Visible { get; set; }

    /// <summary>Only tokens that are not as it wants them. Null: all.</summary>
    public TokenPolicy? Policy { get; set; }

    private bool IsPicky => Visible is not null || Policy is not null;

    public async Task<TokenListPage> Page(CancellationToken cancellationToken)
    {
        var query = QueryOf(request);
        ListPlace? after = null;
        if (request.Cursor is { } cursor)
        {
            after = ListCursor.Read(query, cursor);
            if (after is null)
            {
                return new TokenListPage();
            }
        }

        var scope = new RecordScope(
            Kinds.Token, request.OrganizationId.ToString(), UnnamedToo: true, Below: request.Below?.ToString());
        var (rows, next) = await Rows(scope, query, after, cancellationToken);
        var used = (await uses.LastUses([.. rows.Select(row => row.Key.Id)])).ToDictionary(use => use.TokenId);
        TokenState[] tokens = [.. rows.Select(TokenRow.Read)];
        return new TokenListPage
        {
            LastUses = [.. used.Values.Select(TokenUsageGrain.View)],
            Tokens = [.. tokens.Select(
                token => TokenViews.Of(token, used.GetValueOrDefault(token.Id.ToString())?.At, now))],
            Staying = request.Below is { } above
                ? [.. tokens.Where(token => !token.Ancestors.Contains(above)).Select(token => token.Id)]
                : [],
            Next = next is null ? null : ListCursor.Write(query, next),
        };
    }

    /// <summary>
    /// Reads one row more than is asked for, which says whether there is a next page. Where a caller sees few rows it
    /// reads on, up to a bound; the next page then begins after the last row that was looked at.
    /// </summary>
    private async Task<(List<StoredRecord> Rows, ListPlace? Next)> Rows(
        RecordScope scope, ListQuery query, ListPlace? after, CancellationToken cancellationToken)
    {
        List<PlacedRecord> found = [];
        var limit = !IsPicky ? query.Limit + 1 : Math.Clamp(query.Limit + 1, FewestAtOnce, MostAtOnce);
        for (var looked = 0; ;)
        {
            var rows = await store.ListAfter(scope, query with { Limit = limit }, after, now)
                .UntilCanceled(cancellationToken);
            found.AddRange(await Seen(rows));
            looked += rows.Count;
            if (found.Count > query.Limit)
            {
                return ([.. found.Take(query.Limit).Select(row => row.Record)], found[query.Limit - 1].Place);
            }

            if (rows.Count < limit || looked >= MostLookedAt)
            {
                return ([.. found.Select(row => row.Record)], rows.Count < limit ? null : rows[^1].Place);
            }

            (after, limit) = (rows[^1].Place, MostAtOnce);
        }
    }

    private async Task<IEnumerable<PlacedRecord>> Seen(IReadOnlyList<PlacedRecord> rows)
    {
        if (Policy is { } policy)
        {
            rows = [.. rows.Where(row => policy.BreachesOf(TokenRow.Read(row.Record)).Count > 0)];
        }

        if (Visible is null)
        {
            return rows;
        }

        HashSet<StoredRecord> seen =
            new(await Visible([.. rows.Select(row => row.Record)]), ReferenceEqualityComparer.Instance);
        return rows.Where(row => seen.Contains(row.Record));
    }

    private static ListQuery QueryOf(TokenListRequest request)
    {
        List<ListProblem> problems = [];
        var query = ListQueryParser.Parse(
            LifecycleTokenList.Schema, [], [], request.Orders, request.Filters, problems)
            ?? throw new ArgumentException(problems[0].Message, nameof(request));
        var filters = request.MemberId is { } member
            ? query.Filters.Add(new ListFilter(LifecycleTokenList.MemberId, ListOperator.Eq, [member.ToString()]))
            : query.Filters;
        return query with { Limit = request.Limit, Filters = filters };
    }
}
