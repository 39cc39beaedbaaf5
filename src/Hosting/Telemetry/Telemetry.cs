using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace TokenActors.Hosting.Telemetry;

/// <summary>
/// Traces, metrics and logs over OTLP, where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; nothing otherwise. All else is
/// said by OpenTelemetry's own variables (<c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c>,
/// <c>OTEL_TRACES_SAMPLER</c>, ...).
/// </summary>
public static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceNameVariable = "OTEL_SERVICE_NAME";

    /// <summary>Whether telemetry is exported, so that grain calls should carry their trace context.</summary>
    public static bool IsOn => Environment.GetEnvironmentVariable(Endpoint) is { Length: > 0 };

    /// <param name="builder">the process's host</param>
    /// <param name="program"><c>tokenactors-silo</c> or <c>tokenactors-gateway</c>; <c>OTEL_SERVICE_NAME</c> stands
    /// above it</param>
    public static void AddTelemetry(this IHostApplicationBuilder builder, string program)
    {
        if (!IsOn)
        {
            return;
        }

        var name = Environment.GetEnvironmentVariable(ServiceNameVariable) is { Length: > 0 } given ? given : program;
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(name))
            .WithTracing(traces => traces
                .AddAspNetCoreInstrumentation()
                .AddSource("TokenActors.*", "Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime", "Npgsql"))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddMeter("TokenActors.*", "Microsoft.Orleans", "System.Runtime", "Npgsql"))
            .WithLogging(configureBuilder: null, configureOptions: logs => logs.IncludeFormattedMessage = true)
            .UseOtlpExporter();
    }
}
