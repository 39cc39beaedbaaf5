using System.Runtime.CompilerServices;

namespace TokenActors.Client;

/// <summary>A list that nobody has asked for yet: read it page by page, or item by item over all pages.</summary>
/// <typeparam name="T">what is listed</typeparam>
public sealed class Listing<T> : IAsyncEnumerable<T>
{
    private readonly ListQuery _query;
    private readonly Func<ListQuery, CancellationToken, Task<ListPage<T>>> _read;

    internal Listing(ListQuery query, Func<ListQuery, CancellationToken, Task<ListPage<T>>> read) =>
        (_query, _read) = (query, read);

    /// <summary>The page that the query names.</summary>
    /// <param name="cancellation">ends the call</param>
    public Task<ListPage<T>> Page(CancellationToken cancellation = default) => _read(_query, cancellation);

    /// <summary>That page and all after it.</summary>
    /// <param name="cancellation">ends the calls</param>
    public async IAsyncEnumerable<ListPage<T>> Pages([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var query = _query;
        while (true)
        {
            var page = await _read(query, cancellation).ConfigureAwait(false);
            yield return page;
            if (page.Next is not { } next)
            {
                yield break;
            }

            if (next == query.After)
            {
                throw new CallFailedException(
                    "The service's list does not go on: its next page is the same page again.");
            }

            query = query with { After = next };
        }
    }

    /// <summary>Every item of that page and of all after it; pages are asked for as they are needed.</summary>
    /// <param name="cancellationToken">ends the calls</param>
    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (var page in Pages(cancellationToken).ConfigureAwait(false))
        {
            foreach (var item in page.Items)
            {
                yield return item;
            }
        }
    }
}
