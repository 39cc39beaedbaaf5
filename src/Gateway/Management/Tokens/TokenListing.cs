using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Catalog;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary><c>GET /v1/tokens</c>: an administrator's list holds all tokens of its organization, others' those of their own member.</summary>
internal static class TokenListing
{
    public static async Task<IResult> List(HttpContext http, IGrainFactory grains)
    {
        var query = http.Request.Query;
        List<ListProblem> problems = [];
        var parsed = ListQueryParser.Parse(
            TokenList.Schema, Values(query, "limit"), Values(query, "start_after"), Values(query, "order"), Values(query, "filter"), problems);
        if (parsed is null)
        {
            return ProblemResults.Invalid(http, [.. problems.Select(p => new RequestError(p.Parameter, "query", p.Message, p.Value))]);
        }

        var bearer = http.Bearer();
        var page = await grains.GetGrain<ICatalogGrain>("0").ListTokens(new ListRequest
        {
            OrganizationId = bearer.OrganizationId,
            MemberId = bearer.AdministersTokens ? null : bearer.Caller.MemberId,
            Limit = parsed.Limit,
            StartAfter = parsed.StartAfter,
            Orders = [.. Values(query, "order")],
            Filters = [.. Values(query, "filter")],
        });
        return page.Tokens is { } tokens
            ? TypedResults.Json(
                new Envelope<IReadOnlyList<RefreshTokenWire>>([.. tokens.Select(token => RefreshTokenWire.From(token, null))]),
                TokenJson.Wire.EnvelopeIReadOnlyListRefreshTokenWire)
            : ProblemResults.Invalid(http, "start_after", "query", "names no item of this list, so that the order cannot go on after it");
    }

    private static IReadOnlyList<string> Values(IQueryCollection query, string name) =>
        [.. query[name].Select(value => value ?? "")];
}
