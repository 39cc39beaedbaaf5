using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace TokenActors.Gateway.Facades;

internal static class RequestBodies
{
    /// <summary>
    /// Says in the OpenAPI document what body a route reads. Unlike <c>Accepts</c> it refuses no content type: clients of the facades send
    /// any, also without a body.
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
}
