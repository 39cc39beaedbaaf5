using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management;

/// <summary>A kind of resource that belongs to the organization itself: how it is listed, read and shown.</summary>
internal interface IResourceKind<TWire> : IListSchema
    where TWire : class
{
    /// <summary>As the catalog and the wire name it.</summary>
    static abstract string Kind { get; }

    static abstract JsonTypeInfo<TWire> WireType { get; }

    static abstract JsonTypeInfo<Envelope<TWire>> OneType { get; }

    static abstract JsonTypeInfo<ListEnvelope<TWire>> ListType { get; }

    /// <summary>Fields that the server sets, which a whole object may carry.</summary>
    static virtual IReadOnlyList<string> ServerSet => ["created_at", "updated_at"];

    /// <summary>Names that are taken everywhere.</summary>
    static virtual IReadOnlyCollection<string> ReservedNames => [];

    static abstract TWire ToWire(Resource resource);

    /// <summary>
    /// Reads what a body says beyond names; null where something is wrong, which then stands in the fields' errors.
    /// </summary>
    static abstract ResourceInput? ReadContent(JsonFields fields, Resource? current);

    /// <summary>A reference that leads nowhere; null where all lead somewhere, or there are none.</summary>
    static virtual Task<RequestError?> BrokenReference(
        ApiRequest request, IGrainFactory grains, ResourceContent wanted, Resource? current) =>
        Task.FromResult<RequestError?>(null);
}

internal static class ResourceRoutes
{
    /// <summary>A group of routes behind a bearer; each says what it needs.</summary>
    /// <param name="v1">the Management API</param>
    /// <param name="path">of the group</param>
    /// <param name="tag">in the OpenAPI document</param>
    /// <param name="admit">asked after the bearer and before the body is read; null where nothing more is asked</param>
    public static RouteGroupBuilder MapResource(
        this RouteGroupBuilder v1, string path, string tag,
        Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>>? admit = null)
    {
        var routes = v1.MapGroup(path).WithTags(tag).AddEndpointFilter<BearerFilter>();
        if (admit is not null)
        {
            routes.AddEndpointFilter(admit);
        }

        return routes.AddEndpointFilter<RequestFilter>().AcceptsJsonOnly()
            .Fails<Problem, RouteGroupBuilder>(400, 401, 402, 403, 404, 409, 415, 429, 503);
    }

    /// <summary>A body of another type than plain JSON is refused while the request is routed (415).</summary>
    public static RouteGroupBuilder AcceptsJsonOnly(this RouteGroupBuilder routes)
    {
        ((IEndpointConventionBuilder)routes).Finally(route =>
        {
            if (route.Metadata.OfType<BodyMetadata>().LastOrDefault() is { IsPatch: false } body)
            {
                route.Metadata.Add(new AcceptsMetadata(["application/json"], body.Type));
            }
        });
        return routes;
    }

    /// <summary>The six operations on a kind of resource.</summary>
    /// <param name="routes">where they lie</param>
    /// <param name="api">in the action table</param>
    /// <param name="operation">what operation ids begin with</param>
    /// <param name="id">name of the path's id or name</param>
    /// <param name="create">the handler that makes one, which each kind answers in its own shape</param>
    /// <param name="list">the handler that lists, where items are shown otherwise than alone</param>
    public static void MapCrud<TKind, TGrain, TWire>(
        this RouteGroupBuilder routes, string api, string operation, string id, Delegate create, Delegate? list = null)
        where TKind : IResourceKind<TWire>
        where TGrain : IResourceGrain
        where TWire : class
    {
        // The handlers are generic, so that their delegates are made at start and not at compile time.
#pragma warning disable RDG002
        static Delegate Handler(Delegate handler) => handler;
        list ??= Handler(ResourceHandlers<TKind, TGrain, TWire>.List);
        routes.MapGet("", list).Needs($"{api}:list")
            .WithName($"{operation}_list");
        routes.MapPost("", create).Needs($"{api}:create").WithMetadata(new IdempotentRoute())
            .WithName($"{operation}_create");
        routes.MapGet($"/{{{id}}}", Handler(ResourceHandlers<TKind, TGrain, TWire>.Get)).Needs($"{api}:get")
            .WithName($"{operation}_get");
        routes.MapPut($"/{{{id}}}", Handler(ResourceHandlers<TKind, TGrain, TWire>.Update)).Needs($"{api}:update")
            .WithName($"{operation}_update");
        routes.MapPatch($"/{{{id}}}", Handler(ResourceHandlers<TKind, TGrain, TWire>.Patch)).Needs($"{api}:patch")
            .WithName($"{operation}_patch");
        routes.MapDelete($"/{{{id}}}", Handler(ResourceHandlers<TKind, TGrain, TWire>.Delete)).Needs($"{api}:delete")
            .WithName($"{operation}_delete");
#pragma warning restore RDG002
    }
}

/// <summary>The handlers of a kind of resource whose routes have one parameter: its id or name.</summary>
internal static class ResourceHandlers<TKind, TGrain, TWire>
    where TKind : IResourceKind<TWire>
    where TGrain : IResourceGrain
    where TWire : class
{
    public static async Task<Results<JsonList<ListEnvelope<TWire>>, Refusal>> List(
        ApiRequest request, ListQuery<TKind> query, IGrainFactory grains)
    {
        var page = await ResourceCommands.List(request, query, grains, TKind.Kind);
        return page.IsSuccess
            ? new JsonList<ListEnvelope<TWire>>(
                new([.. (page.Value.Resources ?? []).Select(TKind.ToWire)], page.Value.Total), TKind.ListType)
            : page.Refusal;
    }

    public static async Task<Results<JsonOk<Envelope<TWire>>, Refusal>> Get(ApiRequest request, IGrainFactory grains)
    {
        var resource = await Find(request, grains, "get");
        return resource.IsSuccess ? Show(resource.Value) : resource.Refusal;
    }

    public static async Task<Results<JsonOk<Envelope<TWire>>, Refusal>> Update(
        ApiRequest request, ObjectBody<TWire> body, IGrainFactory grains)
    {
        var current = await Find(request, grains, "update");
        return current.IsSuccess
            ? await Replace(request, grains, "update", current.Value, body.Fields, expectedVersion: null)
                ?? ResourceCommands.Changed(TKind.Kind, Id(request))
            : current.Refusal;
    }

    public static Task<Results<JsonOk<Envelope<TWire>>, Refusal>> Patch(ApiRequest request, JsonPatch patch, IGrainFactory grains) => patch.Apply(
        () => Find(request, grains, "patch"), TKind.ToWire, TKind.WireType,
        (current, fields) => Replace(request, grains, "patch", current, fields, current.Version),
        ResourceCommands.Changed(TKind.Kind, Id(request)));

    public static async Task<Results<NoContent, Refusal>> Delete(ApiRequest request, IGrainFactory grains)
    {
        var current = await Find(request, grains, "delete");
        if (!current.IsSuccess)
        {
            return current.Refusal;
        }

        var deleted = await ResourceCommands.Delete<TGrain>(request, grains, TKind.Kind, Id(request), current.Value);
        return deleted.IsSuccess ? TypedResults.NoContent() : deleted.Refusal;
    }

    /// <summary>Makes a resource; each kind answers it in its own shape.</summary>
    public static async Task<Outcome<Resource>> Create(
        ApiRequest request, JsonFields fields, IGrainFactory grains, TimeProvider time)
    {
        var wanted = ResourceCommands.ReadNew(
            fields, TKind.Kind, content => TKind.ReadContent(content, null), TKind.ReservedNames);
        if (!wanted.IsSuccess)
        {
            return wanted.Refusal;
        }

        return await TKind.BrokenReference(request, grains, wanted.Value.Input.Content, current: null) is { } broken
            ? Problems.Invalid([broken])
            : await ResourceCommands.Create<TGrain>(request, grains, time, TKind.Kind, wanted.Value);
    }

    /// <summary>Null where the resource was changed since it was read.</summary>
    private static async Task<Results<JsonOk<Envelope<TWire>>, Refusal>?> Replace(
        ApiRequest request, IGrainFactory grains, string verb, Resource current, JsonFields fields, long? expectedVersion)
    {
        var wanted = ResourceCommands.ReadWhole(
            fields, current, TKind.Kind, TKind.ServerSet, content =>
                TKind.ReadContent(content, current), TKind.ReservedNames);
        if (!wanted.IsSuccess)
        {
            return wanted.Refusal;
        }

        if (await TKind.BrokenReference(request, grains, wanted.Value.Input.Content, current) is { } broken)
        {
            return Problems.Invalid([broken]);
        }

        var command = ResourceCommands.ToUpdate(request, wanted.Value, verb, expectedVersion);
        var answer = await request.Command(() => grains.GetGrain<TGrain>(current.Id.ToString()).Update(command));
        if (ResourceCommands.Replaced(answer, TKind.Kind, Id(request), command.Name) is not { } replaced)
        {
            return null;
        }

        return replaced.IsSuccess ? Show(replaced.Value) : replaced.Refusal;
    }

    private static Task<Outcome<Resource>> Find(ApiRequest request, IGrainFactory grains, string verb) =>
        ResourceCommands.Find<TGrain>(request, grains, TKind.Kind, Id(request), verb);

    private static JsonOk<Envelope<TWire>> Show(Resource resource) => new(new(TKind.ToWire(resource)), TKind.OneType);

    /// <summary>The id or name in the path, which is the only parameter of these routes.</summary>
    private static string Id(ApiRequest request) =>
        request.Http.Request.RouteValues.Values.OfType<string>().SingleOrDefault() ?? "";
}
