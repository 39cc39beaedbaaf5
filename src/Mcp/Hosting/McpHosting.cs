using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using TokenActors.Client;
using TokenActors.Mcp.Callers;
using TokenActors.Mcp.Foundation;

namespace TokenActors.Mcp.Hosting;

/// <summary>Adds the MCP server to a host that opens a session for each request before it gets here.</summary>
internal static partial class McpHosting
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

    public static void AddMcp(this IServiceCollection services, string version)
    {
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

    /// <summary>The tools, and what stands around each call of one.</summary>
    private sealed partial class ToolSetup(McpTools tools, ILogger<McpTools> logger) : IConfigureOptions<McpServerOptions>
    {
        public void Configure(McpServerOptions options)
        {
            options.ToolCollection = [];
            foreach (var tool in tools.ByName.Values.OrderBy(tool => tool.Rules.Name, StringComparer.Ordinal))
            {
                options.ToolCollection.Add(tool.Tool);
            }

            options.Filters.Request.ListToolsFilters.Add(next => async (context, cancellation) =>
            {
                var list = await next(context, cancellation).ConfigureAwait(false);
                var caller = McpTool.SessionOf(context).Caller;
                list.Tools = [.. list.Tools.Where(tool => tools.Forbidden(tool.Name, caller) is null)];
                return list;
            });
            options.Filters.Request.CallToolFilters.Add(
                next => (context, cancellation) => Call(next, context, cancellation));
        }

        private async ValueTask<CallToolResult> Call(
            McpRequestHandler<CallToolRequestParams, CallToolResult> next, RequestContext<CallToolRequestParams> context,
            CancellationToken cancellation)
        {
            var name = context.Params?.Name ?? "";
            if (tools.Forbidden(name, McpTool.SessionOf(context).Caller) is not null)
            {
                return ToolErrors.Forbidden(name);
            }

            if (context.Params?.Arguments is { } arguments && tools.ByName.TryGetValue(name, out var tool)
                && tool.Unknown(arguments.Keys) is { } unknown)
            {
                return Secrecy.Masked(ToolErrors.UnknownArgument(unknown));
            }

            try
            {
                return Secrecy.Masked(await next(context, cancellation).ConfigureAwait(false));
            }
            catch (TokenActorsException e)
            {
                return Secrecy.Masked(ToolErrors.Of(e));
            }
            catch (Exception e) when (e is ArgumentException or JsonException or FormatException)
            {
                return Secrecy.Masked(ToolErrors.OfArguments(e));
            }
            catch (Exception e) when (e is not OperationCanceledException and not ModelContextProtocol.McpException)
            {
                LogFailed(name, e);
                return ToolErrors.Internal();
            }
        }

        [LoggerMessage(4201, LogLevel.Error, "The tool {Tool} failed unexpectedly")]
        private partial void LogFailed(string tool, Exception exception);
    }
}
