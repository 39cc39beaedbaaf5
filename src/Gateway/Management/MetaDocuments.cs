using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management;

/// <summary>Marks a route that an integration's own token opens: the engine document describes it.</summary>
internal sealed record EngineRoute;

/// <summary>
/// <c>/v1/meta/openapi</c>: the document of the Management API, which names these routes too, and that of the routes
/// that integration tokens open here.
/// </summary>
internal static class MetaDocuments
{
    public const string Management = "management";

    private const string Engine = "engine";
    private const string Path = "/v1/meta/openapi/";

    public static void AddManagementDocuments(this IServiceCollection services)
    {
        services.AddDocument(Management, "Management API", Documents.Bearer, group: null);
        services.Configure<OpenApiOptions>(Management, options => options.AddDocumentTransformer((document, _, _) =>
        {
            Add(document, Management, "meta_managementOpenapiSpec");
            Add(document, Engine, "meta_engineOpenapiSpec");
            return Task.CompletedTask;
        }));
        services.AddDocument(
            Engine, "Routes of integration tokens", Documents.Bearer,
            route => route.ActionDescriptor.EndpointMetadata.OfType<EngineRoute>().Any());
    }

    private static void Add(OpenApiDocument document, string name, string operation)
    {
        var answer = new OpenApiResponse
        {
            Description = "An OpenAPI document",
            Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = new OpenApiSchema() } },
        };
        document.Paths.Add(Path + name, new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation>
            {
                [HttpMethod.Get] = new()
                {
                    OperationId = operation,
                    Tags = new HashSet<OpenApiTagReference> { new("meta", document) },
                    Responses = new OpenApiResponses { ["200"] = answer },
                },
            },
        });
    }
}
