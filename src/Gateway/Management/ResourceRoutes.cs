using Microsoft.OpenApi;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management;

internal static class ResourceRoutes
{
    /// <summary>A group of routes behind a bearer; each says what it needs.</summary>
    public static RouteGroupBuilder MapResource(this RouteGroupBuilder v1, string path, string tag) =>
        v1.MapGroup(path).WithTags(tag).AddEndpointFilter<BearerFilter>().Fails<Problem, RouteGroupBuilder>(400, 401, 402, 403, 404, 409, 415, 429, 503);

    /// <summary>The six operations on a kind of resource.</summary>
    /// <param name="routes">where they lie</param>
    /// <param name="api">in the action table</param>
    /// <param name="operation">what operation ids begin with</param>
    /// <param name="id">name of the path's id or name</param>
    /// <param name="counts">the list takes <c>total</c></param>
    public static void MapCrud<TEndpoints, TGrain, TWire, TCreate, TCreated>(
        this RouteGroupBuilder routes, string api, string operation, string id, bool counts)
        where TEndpoints : ResourceEndpoints<TGrain, TWire>
        where TGrain : IResourceGrain
        where TWire : class
        where TCreate : notnull
    {
        static TEndpoints Of(HttpContext http) => http.RequestServices.GetRequiredService<TEndpoints>();

        // As a delegate with a result, which the framework writes; a bare lambda would be taken for one that writes it itself. Its code is
        // made at start then, not at compile time.
#pragma warning disable RDG002
        static Delegate Handler(Func<HttpContext, Task<IResult>> handler) => handler;
        string IdOf(HttpContext http) => (string)http.Request.RouteValues[id]!;
        routes.MapGet("", Handler(http => Of(http).List(http))).Needs($"{api}:list").WithName($"{operation}_list")
            .AsksForList(counts).Produces<ListEnvelope<TWire>>();
        routes.MapPost("", Handler(http => Of(http).Create(http))).Needs($"{api}:create").WithName($"{operation}_create")
            .Accepts<TCreate>("application/json").Produces<Envelope<TCreated>>(StatusCodes.Status201Created);
        routes.MapGet($"/{{{id}}}", Handler(http => Of(http).Get(http, IdOf(http)))).Needs($"{api}:get").WithName($"{operation}_get")
            .Produces<Envelope<TWire>>();
        routes.MapPut($"/{{{id}}}", Handler(http => Of(http).Update(http, IdOf(http)))).Needs($"{api}:update").WithName($"{operation}_update")
            .Accepts<TWire>("application/json").Produces<Envelope<TWire>>();
        routes.MapPatch($"/{{{id}}}", Handler(http => Of(http).Patch(http, IdOf(http)))).Needs($"{api}:patch").WithName($"{operation}_patch")
            .Reads<IReadOnlyList<PatchOperation>>().Produces<Envelope<TWire>>();
        routes.MapDelete($"/{{{id}}}", Handler(http => Of(http).Delete(http, IdOf(http)))).Needs($"{api}:delete")
            .WithName($"{operation}_delete").Produces(StatusCodes.Status204NoContent);
#pragma warning restore RDG002
    }

    /// <summary>The parameters that lists share.</summary>
    public static RouteHandlerBuilder AsksForList(this RouteHandlerBuilder route, bool total = false)
    {
        route.Asks("limit", JsonSchemaType.Integer, "1 to 1000, by default 100").Asks("start_after", JsonSchemaType.String, "the sort key of the last item seen")
            .Asks("order", JsonSchemaType.String, "field, field[asc] or field[desc]", many: true)
            .Asks("filter", JsonSchemaType.String, "field[operator]value; eq, like, in, gt, gte, lt, lte", many: true);
        return total ? route.Asks("total", JsonSchemaType.Boolean, "count all that match, too") : route;
    }
}

/// <summary>One operation of a JSON Patch (RFC 6902).</summary>
internal sealed record PatchOperation(string Op, string Path, string? From, System.Text.Json.JsonElement? Value);
