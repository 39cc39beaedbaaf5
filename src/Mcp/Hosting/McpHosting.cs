using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using TokenActors.Mcp.Callers;

namespace TokenActors.Mcp.Hosting;

/// <summary>Adds the MCP server to a host that opens a session for each request before it gets here.</summary>
internal static class McpHosting
{
    public const string Path = "/mcp";

    private const string Instructions =
        """
        Tools over the tokens of one organization: find them, see who uses them, disable, extend and revoke them, and
        have new ones made. No tool takes or answers a secret; do not ask people for one. token_rotate and token_create
        make an intent, which the person collects with the command line or in the console; only then anything is done.
        Before a change look at it with token_preview; revocation takes a plan. Lists have at most 50 rows: go on with
        next_cursor.
        """;

    /// <param name="services">the host's</param>
    /// <param name="version">of the program</param>
    /// <param name="meter">of the host, which counts the calls</param>
    public static void AddMcp(this IServiceCollection services, string version, Meter meter)
    {
        services.AddSingleton(provider => new ToolTelemetry(meter, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<McpTools>();
        services.AddScoped<McpSession>();
        services.AddMcpServer(server =>
            {
                server.ServerInfo = new Implementation { Name = "tokenactors", Title = "TokenActors", Version = version };
                server.ServerInstructions = Instructions;
            })
            .WithHttpTransport(http => http.Stateless = true);
        services.AddSingleton<IConfigureOptions<McpServerOptions>, ToolSetup>();
    }

    public static IEndpointConventionBuilder MapMcpServer(this IEndpointRouteBuilder routes) => routes.MapMcp(Path);
}
