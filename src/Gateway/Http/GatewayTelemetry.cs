using System.Diagnostics.Metrics;

namespace TokenActors.Gateway.Http;

/// <summary>What the gateway tells whoever listens.</summary>
internal static class GatewayTelemetry
{
    public static readonly Meter Meter = new("TokenActors.Gateway");

    public static readonly Counter<long> AuthenticationFailures =
        Meter.CreateCounter<long>(
            "tokenactors.authentication.failures", "{request}", "Requests without a valid bearer.");

    public static readonly Counter<long> Logons = Meter.CreateCounter<long>(
        "tokenactors.logons", "{attempt}", "Attempts to log on, by outcome as in auth_code.");
}
