using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TokenActors.Client;
using TokenActors.InProcess;

namespace TokenActors.WebConsole.Sessions;

/// <summary>Clients that ask the gateway's own APIs in this process, for one request of a browser.</summary>
internal sealed class ConsoleClients(Pipeline pipeline, IServiceScopeFactory scopes, TimeProvider time)
{
    private static readonly Uri Here = new("http://gateway.invalid");

    /// <param name="http">the browser's request</param>
    /// <param name="access">the secret to ask with; null asks without one</param>
    public TokenActorsClient For(HttpContext http, string? access)
    {
        var client = new HttpClient(new PipelineHandler(pipeline, scopes, http));
        http.Response.RegisterForDispose(client);
        return new TokenActorsClient(client, new TokenActorsClientOptions
        {
            Service = Here,
            Bearer = _ => ValueTask.FromResult(access),
            Retries = 1,
            Time = time,
        });
    }
}
