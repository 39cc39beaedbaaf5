using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using TokenActors.Client;
using TokenActors.Mcp.Foundation;

namespace TokenActors.Mcp.Hosting;

/// <summary>The tools, and what stands around each call of one.</summary>
internal sealed partial class ToolSetup(McpTools tools, ToolTelemetry metrics, ILogger<ToolSetup> logger)
    : IConfigureOptions<McpServerOptions>
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
            next => (context, cancellation) => metrics.Measure(
                context.Params?.Name is { } name && tools.ByName.ContainsKey(name) ? name : null,
                () => Call(next, context, cancellation)));
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
