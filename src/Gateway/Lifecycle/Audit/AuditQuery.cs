using System.Buffers.Text;
using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Audit;

namespace TokenActors.Gateway.Lifecycle.Audit;

/// <summary>The parameters of a page of the trail, of which everything that is wrong is told at once.</summary>
internal sealed class AuditQuery : IRequestPart, IBindableFromHttpContext<AuditQuery>, IEndpointParameterMetadataProvider
{
    private const string OldestFirst = "at[asc]";
    private const string NewestFirst = "at[desc]";
    private const string Permission = "audit:list";
    private const int LongestCursor = 64;

    private ReadAudit? _request;

    /// <summary>What the grain is asked.</summary>
    public ReadAudit Request => _request ?? throw new InvalidOperationException("no filter has read the query");

    public static ValueTask<AuditQuery?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(new AuditQuery());

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AuditQueryMetadata());

    public ValueTask<ApiError?> Read(ApiRequest request)
    {
        var query = request.Http.Request.Query;
        List<ListProblem> problems = [];
        var filters = QueryValues.Of(query, "filter");
        var parsed = ListQueryParser.Parse(
            LifecycleAuditList.Schema, QueryValues.Of(query, "limit"), [], [], filters, problems);
        var order = query["order"].ToString();
        if (order is not ("" or OldestFirst or NewestFirst))
        {
            problems.Add(new ListProblem("order", null, $"must be {NewestFirst} or {OldestFirst}"));
        }

        var cursor = query["cursor"].ToString();
        var place = PlaceIn(cursor);
        if (cursor.Length > 0 && place is null)
        {
            problems.Add(new ListProblem("cursor", null, "must be the next_cursor of a page, or the cursor of a row"));
        }

        if (parsed is null || problems.Count > 0)
        {
            return new(ApiError.Invalid(
                [.. problems.Select(p => new RequestError(p.Parameter, "query", p.Message, p.Value))]));
        }

        var (bearer, organization) = (request.Bearer, request.Bearer.Organization);
        _request = new ReadAudit
        {
            OrganizationId = bearer.OrganizationId,
            Limit = parsed.Limit,
            AfterTime = place?.At,
            AfterNumber = place?.Number ?? 0,
            Descending = order != OldestFirst,
            Filters = [.. filters],
            Accounts = bearer.Caller.Grant.IsWholeIn(organization, Permission)
                ? null
                : [.. bearer.Caller.Grant.WholeAccountsIn(organization, Permission)],
        };
        return new((ApiError?)null);
    }

    /// <summary>Where a list goes on after a row.</summary>
    public static string CursorOf(AuditRecord row) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{row.At.UtcTicks}.{row.Number}")));

    private static (DateTimeOffset At, long Number)? PlaceIn(string cursor)
    {
        if (cursor.Length is 0 or > LongestCursor || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)).Split('.');
        return text is [var ticks, var number]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seen)
            && at <= DateTimeOffset.MaxValue.Ticks
            ? (new DateTimeOffset(at, TimeSpan.Zero), seen)
            : null;
    }

    private sealed record AuditQueryMetadata : IQueryMetadata
    {
        private static readonly string Fields =
            string.Join(", ", LifecycleAuditList.Schema.Fields.Select(field => field.Name));

        public IEnumerable<QueryParameter> Parameters =>
        [
            new("limit", JsonSchemaType.Integer, $"1 to {ListQuery.MaxLimit}, by default {ListQuery.DefaultLimit}"),
            new("cursor", JsonSchemaType.String, "next_cursor of the page before, or the cursor of a row of an export"),
            new("order", JsonSchemaType.String, $"{NewestFirst}, which it is by default, or {OldestFirst}"),
            new(
                "filter", JsonSchemaType.String,
                $"field[operator]value; eq, neq, like, not like, in, not in, gt, gte, lt, lte; fields: {Fields}", Many: true),
        ];
    }
}
