using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace TokenActors.Gateway.Http;

/// <summary>
/// The OpenAPI documents as they are sent. Each is made once: making one takes a third of a second of a processor and
/// 180 MB, and anybody may ask for it. They name no server, so that they are the same for all who ask.
/// </summary>
internal sealed class KeptDocuments(IServiceProvider services)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<byte[]>>> _kept = [];

    /// <param name="routes">where the documents lie</param>
    /// <param name="path">with <c>documentName</c> as a parameter</param>
    public static void Map(IEndpointRouteBuilder routes, string path) =>
        routes.MapGet(path, Send).ExcludeFromDescription();

    private static async Task<FileContentHttpResult> Send(string documentName, KeptDocuments documents) =>
        TypedResults.File(await documents.Get(documentName), "application/json; charset=utf-8");

    private Task<byte[]> Get(string name) => _kept.GetOrAdd(name, new Lazy<Task<byte[]>>(() => Make(name))).Value;

    private async Task<byte[]> Make(string name)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(name).GetOpenApiDocumentAsync();
        using var bytes = new MemoryStream();
        await document.SerializeAsJsonAsync(bytes, OpenApiSpecVersion.OpenApi3_1);
        return bytes.ToArray();
    }
}
