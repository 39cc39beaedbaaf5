using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace TokenActors.WebConsole.Assets;

/// <summary>
/// The console's style, script and icon: a few small files in the assembly. Their addresses name their content, so that
/// a browser keeps them for good and an upgrade shows at once.
/// </summary>
internal static class ConsoleAssets
{
    private static readonly FrozenDictionary<string, Asset> All = new[]
    {
        Read("console.css", "text/css; charset=utf-8"),
        Read("console.js", "text/javascript; charset=utf-8"),
        Read("icon.svg", "image/svg+xml"),
    }.ToFrozenDictionary(asset => asset.Name);

    /// <summary>The address of a file.</summary>
    public static string Url(string name) => $"{ConsoleOptions.Files}/{All[name].Mark}/{name}";

    public static void MapAssets(this IEndpointRouteBuilder console) =>
        console.MapGet(ConsoleOptions.Files[ConsoleOptions.Path.Length..] + "/{mark}/{name}", Serve)
            .WithName("console_assets");

    private static IResult Serve(HttpContext http, string mark, string name)
    {
        if (!All.TryGetValue(name, out var asset) || asset.Mark != mark)
        {
            return Results.NotFound();
        }

        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Bytes(asset.Content, asset.ContentType);
    }

    private static Asset Read(string name, string contentType)
    {
        using var stream = typeof(ConsoleAssets).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the assembly lacks {name}");
        using var content = new MemoryStream();
        stream.CopyTo(content);
        var bytes = content.ToArray();
        return new Asset(name, contentType, bytes, Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
    }

    private sealed record Asset(string Name, string ContentType, byte[] Content, string Mark);
}
