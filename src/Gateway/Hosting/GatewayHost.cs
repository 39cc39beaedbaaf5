using System.Text.Json;
using Microsoft.AspNetCore.HttpOverrides;
using TokenActors.Gateway.Authentication;
using TokenActors.Gateway.Health;
using TokenActors.Gateway.Json;
using TokenActors.Gateway.Members;
using TokenActors.Gateway.OAuth;
using TokenActors.Gateway.Organizations;
using TokenActors.Gateway.Tokens;
using TokenActors.Silo;
using TokenActors.Silo.Configuration;

namespace TokenActors.Gateway.Hosting;

/// <summary>The settings cannot be used; the message names all that is wrong.</summary>
internal sealed class SettingsException(IReadOnlyList<string> problems)
    : Exception("The settings cannot be used:" + string.Concat(problems.Select(problem => "\n  " + problem)));

/// <summary>Builds the REST host with a silo in its own process.</summary>
internal static class GatewayHost
{
    private const int LargestBody = 1024 * 1024;

    /// <param name="args">flags; see <see cref="CommandLine"/></param>
    /// <param name="time">the clock</param>
    /// <param name="configure">for tests, which put faults between grains and their store</param>
    /// <exception cref="SettingsException">some setting cannot be used</exception>
    public static async Task<WebApplication> Build(string[] args, TimeProvider time, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddCommandLine(args, CommandLine.Switches);
        var section = builder.Configuration.GetSection(ServiceOptions.Section);
        List<string> problems = [.. SettingNames.Unknown(section)];
        var service = ServiceOptions.Read(builder.Configuration, problems);
        var gateway = GatewayOptions.Read(builder.Configuration, problems);
        if (problems.Count > 0)
        {
            throw new SettingsException(problems);
        }

        builder.Services.AddSingleton(gateway);
        builder.WebHost.UseUrls(builder.Configuration["urls"] ?? "http://127.0.0.1:8080");
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(8));
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, WireJson.Default));
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        builder.Services.AddSingleton<RateLimits>();
        builder.Services.AddSingleton<Authenticator>();
        builder.Services.AddSingleton<TokenLookup>();
        builder.Services.AddOpenApi("management");
        await builder.AddEmbeddedSilo(service, time);

        configure?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseForwardedHeaders(Forwarded(gateway));
        app.UseMiddleware<Faults>();
        app.UseRouting();
        app.MapHealth();
        app.MapOAuth();
        var v1 = app.MapGroup("/v1");
        v1.MapTokens();
        v1.MapAuth();
        v1.MapOrganization();
        v1.MapOpenApi("/meta/openapi/{documentName}");
        return app;
    }

    private static ForwardedHeadersOptions Forwarded(GatewayOptions gateway)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in gateway.KnownProxies)
        {
            options.KnownProxies.Add(proxy);
        }

        // Without a configured proxy nobody is believed.
        if (gateway.KnownProxies.Count == 0)
        {
            options.ForwardedHeaders = ForwardedHeaders.None;
        }

        return options;
    }
}
