using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Lifecycle.Webhooks;

/// <summary>
/// The parameters of a list of endpoints, which is in the order in which they were made. A cursor holds when and what
/// id, so that the list goes on although the endpoint is deleted.
/// </summary>
internal sealed class EndpointListQuery : IRequestPart, IBindableFromHttpContext<EndpointListQuery>, IEndpointParameterMetadataProvider
{
    private static readonly ListSchema Schema = new("created_at", [new ListField("created_at", ListFieldKind.Time)]);

    private ListQuery? _query;
    private (long At, string Id)? _after;

    private ListQuery Query => _query ?? throw new InvalidOperationException("no filter has read the query");

    public static ValueTask<EndpointListQuery?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(new EndpointListQuery());

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new EndpointListMetadata());

    public ValueTask<ApiError?> Read(ApiRequest request)
    {
        var query = request.Http.Request.Query;
        List<ListProblem> problems = [];
        _query = ListQueryParser.Parse(Schema, QueryValues.Of(query, "limit"), [], ["created_at"], [], problems);
        if (query.ContainsKey("cursor") && _query is not null)
        {
            if (ListCursor.Read(_query, query["cursor"].ToString()) is { Values: [long at], Id: var id })
            {
                _after = (at, id);
            }
            else
            {
                problems.Add(new ListProblem("cursor", null, "must be the next_cursor of the page before"));
            }
        }

        return new(problems.Count == 0
            ? null
            : ApiError.Invalid([.. problems.Select(p => new RequestError(p.Parameter, "query", p.Message, p.Value))]));
    }

    /// <summary>The page of all endpoints of an organization, of which there are few.</summary>
    public EndpointList Page(IEnumerable<Resource> endpoints)
    {
        var left = endpoints.Select(endpoint => (endpoint, Place: PlaceOf(endpoint)))
            .Where(item => _after is not { } after || IsLater(item.Place, after))
            .OrderBy(item => item.Place.At).ThenBy(item => item.Place.Id, StringComparer.Ordinal)
            .ToList();
        var shown = left.Take(Query.Limit).ToList();
        var next = left.Count > shown.Count
            ? ListCursor.Write(Query, new ListPlace([shown[^1].Place.At], shown[^1].Place.Id))
            : null;
        return new EndpointList([.. shown.Select(item => EndpointWire.From(item.endpoint))], next);
    }

    private static (long At, string Id) PlaceOf(Resource endpoint) =>
        (endpoint.CreatedAt.UtcTicks, endpoint.Id.ToString());

    private static bool IsLater((long At, string Id) place, (long At, string Id) after) =>
        place.At > after.At || (place.At == after.At && string.CompareOrdinal(place.Id, after.Id) > 0);

    private sealed record EndpointListMetadata : IQueryMetadata
    {
        public IEnumerable<QueryParameter> Parameters =>
        [
            new("limit", JsonSchemaType.Integer, $"1 to {ListQuery.MaxLimit}, by default {ListQuery.DefaultLimit}"),
            new("cursor", JsonSchemaType.String, "next_cursor of the page before"),
        ];
    }
}
