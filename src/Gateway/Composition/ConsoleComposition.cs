using TokenActors.Gateway.Http;
using TokenActors.WebConsole;
using TokenActors.WebConsole.Composition;

namespace TokenActors.Gateway.Composition;

/// <summary>Adds the console to the gateway, unless it is switched off.</summary>
internal static class ConsoleComposition
{
    public static void AddConsole(this WebApplicationBuilder builder, GatewayOptions options)
    {
        if (options.HasConsole)
        {
            builder.Services.AddConsole<ConsoleKeySource>(new ConsoleOptions { ServiceId = options.ServiceId });
            builder.Services.AddSingleton<Api, ConsoleApi>();
        }
    }

    /// <summary>Call it where the client's address is known and before routing.</summary>
    public static void UseConsole(this WebApplication app, GatewayOptions options)
    {
        if (options.HasConsole)
        {
            app.UseConsole();
        }
    }

    /// <summary>Style and script of the page that says that there is no cluster yet.</summary>
    public static bool IsConsoleFile(this GatewayOptions options, PathString path) =>
        options.HasConsole && path.StartsWithSegments(ConsoleOptions.Files, StringComparison.Ordinal);

    public static void MapConsole(this WebApplication app, GatewayOptions options)
    {
        if (options.HasConsole)
        {
            app.MapConsole();
        }
    }
}
