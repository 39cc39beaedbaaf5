using TokenActors.Gateway.Http;
using TokenActors.Gateway.Mcp;
using TokenActors.Mcp.Hosting;

namespace TokenActors.Gateway.Composition;

/// <summary>Adds the MCP server to the gateway, unless it is switched off.</summary>
internal static class McpComposition
{
    private const string OriginPolicy = "mcp";

    public static void AddMcp(this WebApplicationBuilder builder, GatewayOptions options)
    {
        builder.Services.AddSingleton<McpResource>();
        if (!options.HasMcp)
        {
            return;
        }

        builder.Services.AddMcp(
            typeof(McpComposition).Assembly.GetName().Version?.ToString(3) ?? "", GatewayTelemetry.Meter);
        builder.Services.AddSingleton<McpApi>();
        builder.Services.AddSingleton<Api>(services => services.GetRequiredService<McpApi>());
        builder.Services.AddCors(cors => cors.AddPolicy(OriginPolicy, policy => policy
            .WithOrigins([.. options.McpOrigins])
            .WithMethods("POST")
            .WithHeaders(
                "Authorization", "Content-Type", "Accept", "Mcp-Protocol-Version", "Mcp-Session-Id", "Mcp-Method", "Mcp-Name")
            .WithExposedHeaders("WWW-Authenticate")));
    }

    /// <summary>Call it after routing and after pages of other origins were answered what they may ask.</summary>
    public static void UseMcp(this WebApplication app, GatewayOptions options)
    {
        if (options.HasMcp)
        {
            app.UseMiddleware<McpGate>();
        }
    }

    public static void MapMcp(this WebApplication app, GatewayOptions options)
    {
        if (!options.HasMcp)
        {
            return;
        }

        var server = app.MapMcpServer();
        server.WithMetadata(new ExcludeFromDescriptionAttribute());
        if (options.McpOrigins.Count > 0)
        {
            server.RequireCors(OriginPolicy);
        }
    }
}
