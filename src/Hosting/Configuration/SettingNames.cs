using Microsoft.Extensions.Configuration;

namespace TokenActors.Hosting.Configuration;

/// <summary>All settings there are, so that a misspelt one stops the start instead of being ignored.</summary>
public static class SettingNames
{
    private static readonly string[] Known =
    [
        "DataDirectory", "Storage:Provider", "Storage:ConnectionString", "Cluster:Mode", "Cluster:ClusterId", "Cluster:ServiceId",
        "Cluster:AdvertisedAddress", "Cluster:SiloPort", "Cluster:GatewayPort", "Cluster:Gateways:*",
        "Cluster:Tls:Certificate", "Cluster:Tls:Key", "Cluster:Tls:Password", "Cluster:Tls:Authority",
        "Secrets:Peppers:*:Id", "Secrets:Peppers:*:Key", "Tokens:RefreshGrace", "Tokens:ReuseDetection", "Tokens:MostLiveTokens",
        "RateLimits:PerToken", "RateLimits:FailuresPerAddress", "RateLimits:LogonsPerName", "ForwardedHeaders:KnownProxies:*",
        "Access:SingleHeader", "Cors:Origins:*",
    ];

    public static IEnumerable<string> Unknown(IConfigurationSection section) =>
        section.AsEnumerable(makePathsRelative: true)
            .Where(setting => setting.Value is not null && !IsKnown(setting.Key))
            .Select(setting => $"{section.Path}:{setting.Key} is not a setting; look for a typing error");

    /// <summary>Whether there is such a setting below <c>TokenActors</c>, such as <c>Cluster:Gateways:0</c>.</summary>
    public static bool IsKnown(string key) => Known.Any(known => Matches(known.Split(':'), key.Split(':')));

    private static bool Matches(string[] known, string[] given) =>
        known.Length == given.Length && known.Zip(given).All(pair => pair.First == "*" || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
}
