using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Catalog;

namespace TokenActors.Gateway.Management;

/// <summary>The parameters of a list, checked, or what to answer instead.</summary>
internal sealed record ListParameters(
    int Limit, string? StartAfter, IReadOnlyList<string> Orders, IReadOnlyList<string> Filters, bool Total, IResult? Problem)
{
    public static ListParameters Read(HttpContext http, ListSchema schema, bool counts)
    {
        var query = http.Request.Query;
        List<ListProblem> problems = [];
        var parsed = ListQueryParser.Parse(
            schema, Values(query, "limit"), Values(query, "start_after"), Values(query, "order"), Values(query, "filter"), problems);
        var total = false;
        if (counts && query["total"] is { Count: > 0 } values && (values.Count > 1 || !bool.TryParse(values[0], out total)))
        {
            problems.Add(new ListProblem("total", values.ToString(), "must be true or false"));
        }

        return parsed is null || problems.Count > 0
            ? new(0, null, [], [], false, ProblemResults.Invalid(http, [.. problems.Select(p => new RequestError(p.Parameter, "query", p.Message, p.Value))]))
            : new(parsed.Limit, parsed.StartAfter, Values(query, "order"), Values(query, "filter"), total, null);
    }

    /// <summary>The same for the catalog, within the bearer's rights.</summary>
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

    public static IResult NoStart(HttpContext http) =>
        ProblemResults.Invalid(http, "start_after", "query", "names no item of this list, so that the order cannot go on after it");

    public static IReadOnlyList<string> Values(IQueryCollection query, string name) => [.. query[name].Select(value => value ?? "")];
}
