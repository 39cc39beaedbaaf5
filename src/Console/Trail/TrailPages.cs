using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;
using TokenActors.WebConsole.Parts;

namespace TokenActors.WebConsole.Trail;

/// <summary>The audit trail, with filters in the address.</summary>
internal static class TrailPages
{
    private const int PageSize = 50;

    /// <summary>Fields of the form, and the filters that they are.</summary>
    private static readonly (string Field, string Filter)[] Filters =
    [
        ("event", "event[like]{0}%"), ("outcome", "outcome[eq]{0}"), ("subject", "subject_id[eq]{0}"),
        ("member", "member_id[eq]{0}"), ("token", "token_id[eq]{0}"), ("address", "address[eq]{0}"),
    ];

    public static void MapTrail(this IEndpointRouteBuilder pages) =>
        pages.MapGet("/audit", List).WithName("console_audit");

    private static async Task<IResult> List(ConsoleRequest request)
    {
        var query = new ListQuery
        {
            Filters =
            [
                .. Filters.Where(filter => request.Query(filter.Field) is not null)
                    .Select(
                        filter => filter.Filter.Replace("{0}", request.Query(filter.Field), StringComparison.Ordinal)),
            ],
            Limit = PageSize,
            After = request.Query("cursor"),
        };
        var page = await request.Api.Audit.List(query).Page(request.Aborted);
        return request.Show<TrailView>("Audit", new()
        {
            [nameof(TrailView.Page)] = page,
            [nameof(TrailView.Names)] = await MemberNames.Read(request, page.Items),
            [nameof(TrailView.NextAddress)] = Address(request, page.Next),
        });
    }

    private static string Address(ConsoleRequest request, string? cursor)
    {
        var parts = Filters.Select(filter => (filter.Field, Value: request.Query(filter.Field)))
            .Append((Field: "cursor", Value: cursor))
            .Where(part => part.Value is not null)
            .Select(part => $"{part.Field}={Uri.EscapeDataString(part.Value ?? "")}");
        return $"{Places.Audit}?{string.Join('&', parts)}";
    }
}
