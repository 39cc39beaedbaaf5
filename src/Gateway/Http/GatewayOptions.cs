using System.Net;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Gateway.Http;

/// <summary>Settings of the gateway itself.</summary>
internal sealed class GatewayOptions
{
    private const string Embedded = "Embedded";
    private const string Client = "Client";

    /// <summary>An Orleans client of a cluster of silos, instead of a silo in this process.</summary>
    public required bool IsClient { get; init; }

    /// <summary>Requests a second of one token, with bursts of twice that.</summary>
    public required int RequestsPerToken { get; init; }

    /// <summary>Failed authentications a minute from one address.</summary>
    public required int FailuresPerAddress { get; init; }

    /// <summary>Attempts a minute to log on under one name of one organization.</summary>
    public required int LogonsPerName { get; init; }

    /// <summary>Proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed.</summary>
    public required IReadOnlyList<IPAddress> KnownProxies { get; init; }

    /// <summary>Header in which <c>/access/verify</c> also looks for both credentials as one JSON object.</summary>
    public required string AccessHeader { get; init; }

    /// <summary>Origins of pages that may call <c>/v1</c> from a browser, with tokens of the permission set <c>connect-ui</c> only.</summary>
    public required IReadOnlyList<string> BrowserOrigins { get; init; }

    public static GatewayOptions Read(IConfiguration configuration, List<string> problems)
    {
        var section = configuration.GetSection(ServiceOptions.Section);
        List<IPAddress> proxies = [];
        foreach (var proxy in section.GetSection("ForwardedHeaders:KnownProxies").GetChildren())
        {
            if (IPAddress.TryParse(proxy.Value, out var address))
            {
                proxies.Add(address);
            }
            else
            {
                problems.Add($"{proxy.Path} is '{proxy.Value}'; it must be an IP address");
            }
        }

        List<string> origins = [];
        foreach (var origin in section.GetSection("Cors:Origins").GetChildren())
        {
            if (Uri.TryCreate(origin.Value, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && origin.Value == uri.GetLeftPart(UriPartial.Authority))
            {
                origins.Add(origin.Value);
            }
            else
            {
                problems.Add($"{origin.Path} is '{origin.Value}'; it must be an origin such as https://app.example.com");
            }
        }

        var mode = ServiceOptions.Choice(section, "Cluster:Mode", [Embedded, Client], problems);
        return new GatewayOptions
        {
            IsClient = mode == Client,
            RequestsPerToken = ServiceOptions.Number(section, "RateLimits:PerToken", 1000, 0, problems),
            FailuresPerAddress = ServiceOptions.Number(section, "RateLimits:FailuresPerAddress", 300, 0, problems),
            LogonsPerName = ServiceOptions.Number(section, "RateLimits:LogonsPerName", 10, 0, problems),
            KnownProxies = proxies,
            BrowserOrigins = origins,
            AccessHeader = section["Access:SingleHeader"] is { Length: > 0 } header ? header : "Authorization",
        };
    }
}
