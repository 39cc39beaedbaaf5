using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenActors.Hosting.Configuration;
using TokenActors.Hosting.Telemetry;
using TokenActors.Hosting.Tls;

namespace TokenActors.Silo;

/// <summary>The process of a cluster's silo: it answers probes as soon as it starts, and hosts the silo.</summary>
internal static class SiloHost
{
    public const string DefaultUrl = "http://127.0.0.1:8081";

    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(28);

    /// <returns>the exit code: 0 after a stop that was asked for, 1 where the silo could not run</returns>
    /// <exception cref="SettingsException">some setting cannot be used</exception>
    public static async Task<int> Run(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddCommandLine(args);
        var options = SettingsReader.Read(builder.Configuration, new SiloRules());
        var urls = builder.Configuration["urls"] ?? DefaultUrl;
        ListenAddresses.Demand(urls, builder.Configuration);
        builder.WebHost.UseKestrelHttpsConfiguration();
        TlsBuilding.CheckSilo(options.Cluster.Tls, TimeProvider.System);
        builder.Services.AddSingleton(options);
        var status = new SiloStatus();
        builder.Services.AddSingleton(status);
        builder.Services.AddHostedService<SiloRunner>();
        builder.AddTelemetry("tokenactors-silo");
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ServicesStartConcurrently = true;
            host.ShutdownTimeout = ShutdownTimeout;
        });
        builder.Logging
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Orleans", LogLevel.Warning)
            .AddFilter("Microsoft.Orleans", LogLevel.Warning)
            .AddFilter("Polly", LogLevel.Warning)
            .AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.WebHost.UseUrls(urls);
        await using var app = builder.Build();
        MapHealth(app, status);
        await app.RunAsync();
        return status.Phase == SiloPhase.Failed ? ExitCodes.Failed : ExitCodes.Done;
    }

    /// <summary>
    /// <c>live</c>: the process answers. <c>startup</c>: the silo is not joining the cluster and has not failed.
    /// <c>ready</c>: the silo takes calls and may answer them from memory.
    /// </summary>
    private static void MapHealth(WebApplication app, SiloStatus status)
    {
        var life = app.Lifetime;
        app.MapGet("/health/live", () => Report(status, true));
        app.MapGet(
            "/health/startup", () => Report(status, status.Phase is not (SiloPhase.Starting or SiloPhase.Failed)));
        app.MapGet(
            "/health/ready",
            () => Report(status, status.IsReady && !life.ApplicationStopping.IsCancellationRequested));
    }

    private static IResult Report(SiloStatus status, bool good) => Results.Text(
#pragma warning disable CA1308 // The wire has lower case.
        $$"""{"status":"{{status.Phase.ToString().ToLowerInvariant()}}"}""" + "\n",
#pragma warning restore CA1308
        "application/json", statusCode: good ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}
