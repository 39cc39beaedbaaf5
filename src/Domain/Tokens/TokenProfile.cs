using TokenActors.Domain.Time;

namespace TokenActors.Domain.Tokens;

/// <summary>Where the bearer secret of a profile may be used.</summary>
public enum TokenAudience
{
    /// <summary>The Management API.</summary>
    Management,

    /// <summary>The connector API, which this service does not serve: such a bearer is only introspected.</summary>
    Integration,

    /// <summary>An MCP server, which introspects it.</summary>
    Mcp,
}

/// <summary>
/// What kind of token it is. <see cref="Name"/> is stored, so it never changes. <see cref="RefreshLife"/> is null where the profile has
/// no refresh half; <see cref="LongestLife"/> is counted from the creation of the record, and no refresh moves a record past it.
/// </summary>
public sealed record TokenProfile(
    string Name,
    string Prefix,
    TokenAudience Audience,
    string TokenType,
    GoDuration DefaultTtl,
    TimeSpan ShortestTtl,
    TimeSpan LongestTtl,
    TimeSpan? RefreshLife,
    TimeSpan? LongestLife)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Year = TimeSpan.FromHours(8760);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Made with an organization.</summary>
    public static readonly TokenProfile Default =
        new("default", "ta_def", TokenAudience.Management, "default", GoDuration.Of("24h"), Second, Year, 30 * Day, null);

    /// <summary>A member's session. Its longest ttl is 24 h for a person and 90 d for a service: see <see cref="TokenSpec.LongestTtl"/>.</summary>
    public static readonly TokenProfile Logon = new(
        "logon", "ta_log", TokenAudience.Management, "logon", GoDuration.Of("1h"), TimeSpan.FromMinutes(1), 90 * Day, Day, 30 * Day);

    public static readonly TokenProfile Organization =
        new("organization", "ta_org", TokenAudience.Management, "adhoc", GoDuration.Of("24h"), Second, Year, 7 * Day, 365 * Day);

    public static readonly TokenProfile SynqlyIntegrations =
        new("synqly-integrations", "ta_syn", TokenAudience.Management, "adhoc", GoDuration.Of("24h"), Second, Year, 7 * Day, 365 * Day);

    /// <summary>A single token for one integration.</summary>
    public static readonly TokenProfile Integration =
        new("integration", "ta_int", TokenAudience.Integration, "adhoc", GoDuration.Of("10m"), Second, Day, null, Day);

    /// <summary>A single token for an MCP server.</summary>
    public static readonly TokenProfile Mcp =
        new("mcp", "ta_mcp", TokenAudience.Mcp, "adhoc", GoDuration.Of("1h"), Second, Day, null, Day);

    public static IReadOnlyList<TokenProfile> All { get; } = [Default, Logon, Organization, SynqlyIntegrations, Integration, Mcp];

    public bool HasRefreshHalf => RefreshLife is not null;

    /// <exception cref="KeyNotFoundException">no such profile</exception>
    public static TokenProfile Named(string name) =>
        All.FirstOrDefault(profile => profile.Name == name) ?? throw new KeyNotFoundException($"no token profile '{name}'");

    /// <summary>Null where the duration is allowed, else what is wrong with it.</summary>
    public string? ProblemWith(TimeSpan ttl, TimeSpan? longestTtl = null)
    {
        var longest = longestTtl ?? LongestTtl;
        return ttl < ShortestTtl || ttl > longest ? $"must lie between {Show(ShortestTtl)} and {Show(longest)}" : null;
    }

    private static string Show(TimeSpan span) => span switch
    {
        { TotalHours: >= 1 } => $"{span.TotalHours:0}h",
        { TotalMinutes: >= 1 } => $"{span.TotalMinutes:0}m",
        _ => $"{span.TotalSeconds:0}s",
    };
}
