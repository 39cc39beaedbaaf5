using Microsoft.OpenApi;

namespace TokenActors.Gateway.Http;

/// <summary>What handlers read and answer by hand, said in the OpenAPI document.</summary>
internal static class RouteDescriptions
{
    /// <summary>
    /// The body that a route reads. Unlike <c>Accepts</c> it refuses no content type: clients of the facades send any, also without a body.
    /// </summary>
    public static RouteHandlerBuilder Reads<T>(this RouteHandlerBuilder route, bool required = true) =>
        route.AddOpenApiOperationTransformer(async (operation, context, cancellation) => operation.RequestBody = new OpenApiRequestBody
        {
            Required = required,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = await context.GetOrCreateSchemaAsync(typeof(T), null, cancellation) },
            },
        });

    /// <summary>A parameter of the query.</summary>
    /// <param name="route">the route</param>
    /// <param name="name">its name</param>
    /// <param name="type">of one value</param>
    /// <param name="description">what it does</param>
    /// <param name="many">it may be repeated</param>
    public static RouteHandlerBuilder Asks(this RouteHandlerBuilder route, string name, JsonSchemaType type, string description, bool many = false) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            var one = new OpenApiSchema { Type = type };
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Query,
                Description = description,
                Schema = many ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = one } : one,
            });
            return Task.CompletedTask;
        });

    /// <summary>The shape of the errors of a group of routes, and with which statuses they come.</summary>
    public static TBuilder Fails<TError, TBuilder>(this TBuilder routes, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata([.. statuses.Select(status => new ProducesResponseTypeMetadata(status, typeof(TError), ["application/json"]))]);
}
