using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Catalog;

namespace TokenActors.Gateway.Management;

/// <summary>A list that can be asked for: its fields, and whether all that match may be counted.</summary>
internal interface IListSchema
{
    static abstract ListSchema Schema { get; }

    /// <summary>The list takes <c>total</c>.</summary>
    static virtual bool Counts => false;

    /// <summary>How many a page has where the query does not say.</summary>
    static virtual int DefaultLimit => Domain.Lists.ListQuery.DefaultLimit;
}

/// <summary>
/// The parameters of a list: checked here, so that everything that is wrong is told at once, and sent to the grain as
/// they are.
/// </summary>
internal sealed class ListQuery<TList> : IRequestPart, IListQuery, IBindableFromHttpContext<ListQuery<TList>>, IEndpointParameterMetadataProvider
    where TList : IListSchema
{
    private static readonly HashSet<string> Parameters =
        new(["limit", "start_after", "order", "filter", "total"], StringComparer.OrdinalIgnoreCase);

    public int Limit { get; private set; }

    public string? StartAfter { get; private set; }

    public IReadOnlyList<string> Orders { get; private set; } = [];

    public IReadOnlyList<string> Filters { get; private set; } = [];

    public bool Total { get; private set; }

    public static ValueTask<ListQuery<TList>?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(new ListQuery<TList>());

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new ListQueryMetadata(TList.Counts, TList.DefaultLimit));

    public ValueTask<ApiError?> Read(ApiRequest request)
    {
        var query = request.Http.Request.Query;
        List<ListProblem> problems = [];
        foreach (var name in query.Keys.Where(IsMisspelt))
        {
            problems.Add(new ListProblem(
                name, query[name], "is no parameter of a list; one is given again to say more, as filter=…&filter=…"));
        }

        (Orders, Filters) = (QueryValues.Of(query, "order"), QueryValues.Of(query, "filter"));
        var parsed = ListQueryParser.Parse(
            TList.Schema, QueryValues.Of(query, "limit"), QueryValues.Of(query, "start_after"), Orders, Filters, problems);
        if (TList.Counts && query["total"] is { Count: > 0 } values)
        {
            if (values.Count == 1 && bool.TryParse(values[0], out var total))
            {
                Total = total;
            }
            else
            {
                problems.Add(new ListProblem("total", values.ToString(), "must be true or false"));
            }
        }

        if (parsed is null || problems.Count > 0)
        {
            return new(ApiError.Invalid(
                [.. problems.Select(p => new RequestError(p.Parameter, "query", p.Message, p.Value))]));
        }

        (Limit, StartAfter) = (query.ContainsKey("limit") ? parsed.Limit : TList.DefaultLimit, parsed.StartAfter);
        return new((ApiError?)null);
    }

    /// <summary>
    /// Another spelling of a parameter, as <c>filter[]</c> or <c>filters</c>: passed over, it would list what was not
    /// asked for.
    /// </summary>
    private static bool IsMisspelt(string name) =>
        !Parameters.Contains(name)
            && Parameters.Any(known => name.StartsWith(known, StringComparison.OrdinalIgnoreCase));

    /// <summary>The same for a grain that lists tokens or members.</summary>
    public ListRequest ToRequest(Bearer bearer) => new()
    {
        OrganizationId = bearer.OrganizationId,
        Limit = Limit,
        StartAfter = StartAfter,
        Orders = [.. Orders],
        Filters = [.. Filters],
        Caller = bearer.Caller,
    };

    /// <summary>The same for a grain that lists resources, within the bearer's rights.</summary>
    public ResourceListRequest ToRequest(Bearer bearer, string kind, string? ownerId, string verb) => new()
    {
        OrganizationId = bearer.OrganizationId,
        Kind = kind,
        Caller = bearer.Caller,
        OwnerId = ownerId,
        Limit = Limit,
        StartAfter = StartAfter,
        Orders = [.. Orders],
        Filters = [.. Filters],
        Total = Total,
        Verb = verb,
    };
}

/// <summary>Tells the OpenAPI document of the parameters that lists share.</summary>
internal sealed record ListQueryMetadata(bool Counts, int DefaultLimit) : IQueryMetadata
{
    public IEnumerable<QueryParameter> Parameters
    {
        get
        {
            yield return new("limit", JsonSchemaType.Integer, $"1 to 1000, by default {DefaultLimit}");
            yield return new("start_after", JsonSchemaType.String, "the sort key of the last item seen, or its id");
            yield return new("order", JsonSchemaType.String, "field, field[asc] or field[desc]", Many: true);
            yield return new(
                "filter", JsonSchemaType.String,
                "field[operator]value; eq, neq, like, not like, in, not in, gt, gte, lt, lte", Many: true);
            if (Counts)
            {
                yield return new("total", JsonSchemaType.Boolean, "count all that match, too");
            }
        }
    }
}

internal static class ListQueries
{
    /// <summary>The list goes on after an item that it does not have.</summary>
    public static ProblemResult NoStart() =>
        Problems.Invalid("start_after", "query", "names no item of this list, so that the order cannot go on after it");
}
