using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Lifecycle.Tokens;
using TokenActors.Grains.Abstractions.Audit;

namespace TokenActors.Gateway.Lifecycle.Audit;

/// <summary>
/// <c>/lifecycle/v1/tokens/{id}/history</c>: what happened to a token, the latest first. It needs <c>audit:list</c>
/// besides; a bearer that is narrowed to some accounts sees what was about them.
/// </summary>
internal static class HistoryRoutes
{
    private const string Permission = "audit:list";
    private const int LongestCursor = 32;

    public static void MapHistory(this RouteGroupBuilder lifecycle) =>
        lifecycle.MapGet("/tokens/{tokenId}/history", History).Needs("tokens:get").WithName("lifecycle_tokens_history")
            .WithSummary("List what happened to a token")
            .WithTags("tokens")
            .Asks("limit", JsonSchemaType.Integer, $"1 to {ListQuery.MaxLimit}, by default {ListQuery.DefaultLimit}")
            .Asks("cursor", JsonSchemaType.String, "next_cursor of the page before");

    private static async Task<Results<JsonOk<AuditPageWire>, Refusal>> History(
        ApiRequest request, string tokenId, LifecycleApi api, IGrainFactory grains)
    {
        if (!request.Bearer.May(Permission))
        {
            return api.Error(ApiError.Forbidden($"the bearer lacks {Permission}"));
        }

        List<ListProblem> problems = [];
        var query = request.Http.Request.Query;
        var parsed = ListQueryParser.Parse(
            LifecycleAuditList.Schema, QueryValues.Of(query, "limit"), [], [], [], problems);
        var before = PlaceIn(query["cursor"].ToString());
        if (query.ContainsKey("cursor") && before is null)
        {
            problems.Add(new ListProblem("cursor", null, "must be the next_cursor of a page"));
        }

        if (parsed is null || problems.Count > 0)
        {
            return api.Error(ApiError.Invalid(
                [.. problems.Select(p => new RequestError(p.Parameter, "query", p.Message, p.Value))]));
        }

        if (await TokenRoutes.Find(request, grains, tokenId) is not { } token)
        {
            return api.Error(ApiError.NotFound);
        }

        var rows = await grains.GetGrain<IAuditGrain>("0").History(
            new ReadHistory
            {
                OrganizationId = request.Bearer.OrganizationId, SubjectId = token.Id.ToString(), Before = before,
                Limit = parsed.Limit,
            },
            request.Aborted);
        var organization = request.Bearer.Organization;
        var next = rows.Length == parsed.Limit ? CursorOf(rows[^1].Number) : null;
        return new JsonOk<AuditPageWire>(
            new([.. rows.Where(Seen(request.Bearer, organization)).Select(row => AuditWire.From(row, organization))], next),
            LifecycleAuditJson.Wire.AuditPageWire);
    }

    private static Func<AuditRecord, bool> Seen(Bearer bearer, string organization)
    {
        if (bearer.Caller.Grant.IsWholeIn(organization, Permission))
        {
            return _ => true;
        }

        HashSet<string> accounts = [.. bearer.Caller.Grant.WholeAccountsIn(organization, Permission)];
        return row => row.AccountId is { } account && accounts.Contains(account);
    }

    private static string CursorOf(long number) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));

    private static long? PlaceIn(string cursor) =>
        cursor.Length is > 0 and <= LongestCursor && Base64Url.IsValid(cursor)
        && long.TryParse(
            Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)), NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number)
            ? number
            : null;
}
