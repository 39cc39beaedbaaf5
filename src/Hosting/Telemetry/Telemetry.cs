using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace TokenActors.Hosting.Telemetry;

/// <summary>
/// Traces, metrics and logs over OTLP, where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; nothing otherwise. All else is said by
/// OpenTelemetry's own variables (<c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c>, <c>OTEL_TRACES_SAMPLER</c>, ...).
/// </summary>
public static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceNameVariable = "OTEL_SERVICE_NAME";

    private static readonly string[] Sources =
        ["TokenActors.*", "Microsoft.AspNetCore", "Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime", "Npgsql"];

    private static readonly string[] Meters =
        ["TokenActors.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.Orleans", "System.Runtime", "Npgsql"];

    /// <summary>Somebody listens, so that grain calls should carry their trace along.</summary>
    public static bool IsOn => Environment.GetEnvironmentVariable(Endpoint) is { Length: > 0 };

    /// <param name="builder">the process's host</param>
    /// <param name="program"><c>tokenactors-silo</c> or <c>tokenactors-gateway</c>; <c>OTEL_SERVICE_NAME</c> stands above it</param>
    public static void AddTelemetry(this IHostApplicationBuilder builder, string program)
    {
        if (!IsOn)
        {
            return;
        }

        var resource = ResourceBuilder.CreateDefault()
            .AddService(Environment.GetEnvironmentVariable(ServiceNameVariable) is { Length: > 0 } name ? name : program);
        builder.Services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource).AddSource(Sources).AddOtlpExporter().Build());
        builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource).AddMeter(Meters).AddOtlpExporter().Build());
        builder.Services.AddHostedService<Started>();
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.SetResourceBuilder(resource);
            logs.AddOtlpExporter();
        });
    }

    /// <summary>Makes the providers at the start; the container disposes of them at the end, which sends what is left.</summary>
    private sealed class Started(TracerProvider traces, MeterProvider metrics) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _ = (traces, metrics);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
