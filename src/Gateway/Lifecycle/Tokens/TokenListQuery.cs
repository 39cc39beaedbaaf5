using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Catalog;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary>The parameters of a list of tokens, of which everything that is wrong is told at once.</summary>
internal sealed class TokenListQuery : IRequestPart, IBindableFromHttpContext<TokenListQuery>, IEndpointParameterMetadataProvider
{
    private TokenListRequest? _request;

    /// <summary>What the grain is asked, apart from what the path names.</summary>
    public TokenListRequest Request =>
        _request ?? throw new InvalidOperationException("no filter has read the query");

    public static ValueTask<TokenListQuery?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(new TokenListQuery());

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new TokenListMetadata());

    public ValueTask<ApiError?> Read(ApiRequest request)
    {
        var query = request.Http.Request.Query;
        List<ListProblem> problems = [];
        var (orders, filters) = (QueryValues.Of(query, "order"), QueryValues.Of(query, "filter"));
        var parsed = ListQueryParser.Parse(
            LifecycleTokenList.Schema, QueryValues.Of(query, "limit"), [], orders, filters, problems);
        var cursor = query.ContainsKey("cursor") ? query["cursor"].ToString() : null;
        if (cursor is not null && parsed is not null && ListCursor.Read(parsed, cursor) is null)
        {
            problems.Add(new ListProblem("cursor", null, "must be the next_cursor of a page in the same order"));
        }

        if (parsed is null || problems.Count > 0)
        {
            return new(ApiError.Invalid(
                [.. problems.Select(p => new RequestError(p.Parameter, "query", p.Message, p.Value))]));
        }

        var bearer = request.Bearer;
        _request = new TokenListRequest
        {
            OrganizationId = bearer.OrganizationId,
            MemberId = bearer.AdministersTokens ? null : bearer.Caller.MemberId,
            Limit = parsed.Limit,
            Cursor = cursor,
            Orders = [.. orders],
            Filters = [.. filters],
            Caller = bearer.Caller,
        };
        return new((ApiError?)null);
    }

    private sealed record TokenListMetadata : IQueryMetadata
    {
        private static readonly string Fields =
            string.Join(", ", LifecycleTokenList.Schema.Fields.Select(field => field.Name));

        public IEnumerable<QueryParameter> Parameters =>
        [
            new("limit", JsonSchemaType.Integer, $"1 to {ListQuery.MaxLimit}, by default {ListQuery.DefaultLimit}"),
            new("cursor", JsonSchemaType.String, "next_cursor of the page before"),
            new("order", JsonSchemaType.String, $"field, field[asc] or field[desc]; fields: {Fields}", Many: true),
            new(
                "filter", JsonSchemaType.String,
                "field[operator]value; eq, neq, like, not like, in, not in, gt, gte, lt, lte", Many: true),
        ];
    }
}
