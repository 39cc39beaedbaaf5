using System.Text.Json.Serialization.Metadata;
using TokenActors.Client.Http;

namespace TokenActors.Client.Resources;

/// <summary>Lists of the Management API, whose next page begins after the last item seen.</summary>
internal static class ManagementLists
{
    private const int DefaultLimit = 100;

    public static Listing<T> ManagementList<T>(
        this ApiGroup api, string path, ListQuery? query, JsonTypeInfo<ListEnvelope<T>> type)
        where T : Resource => new(
            query ?? ListQuery.Everything,
            async (asked, cancellation) =>
            {
                var limited = asked with { Limit = asked.Limit ?? DefaultLimit };
                var items = (await api.Connection.Read(
                    ApiCall.Get(path).With(limited, "start_after"), type, cancellation)
                    .ConfigureAwait(false)).Result;
                return new(items, items is [.., var last] && items.Count >= limited.Limit ? last.Id : null);
            });
}
