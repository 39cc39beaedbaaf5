using System.Collections.Frozen;
using TokenActors.Domain.Secrets;
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

    /// <summary>What stands behind a reverse proxy that asks <c>/access/verify</c>.</summary>
    Access,

    /// <summary>The LaunchDarkly API.</summary>
    LaunchDarkly,

    /// <summary>The Boomerang Flow API.</summary>
    Boomerang,

    /// <summary>The change of its member's password, and nothing else: no introspection calls it active.</summary>
    PasswordChange,

    /// <summary>The report of a bridge's agents, and nothing else.</summary>
    Bridge,

    /// <summary>No API of this service: resource servers and proxies that ask about it.</summary>
    ResourceServers,
}

/// <summary>
/// What kind of token it is. <see cref="Name"/> is stored, so it never changes. <see cref="RefreshLife"/> is null
/// where the profile has no refresh half; <see cref="LongestLife"/> is counted from the creation of the record, and
/// no refresh moves a record past it.
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
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Made with an organization.</summary>
    public static readonly TokenProfile Default = new(
        "default", "ta_def_", TokenAudience.Management, "default", GoDuration.Of("24h"), Second, Year, 30 * Day, null);

    /// <summary>
    /// A member's session. Its longest ttl is 24 h for a person and 90 d for a service: see
    /// <see cref="TokenSpec.LongestTtl"/>.
    /// </summary>
    public static readonly TokenProfile Logon = new(
        "logon", "ta_log_", TokenAudience.Management, "logon", GoDuration.Of("1h"), Minute, 90 * Day, Day, 30 * Day);

    /// <summary>
    /// A single token of a member whose password must be changed before it may log on.
    /// </summary>
    public static readonly TokenProfile PasswordChange = new(
        "password-change", "ta_pwd_", TokenAudience.PasswordChange, "logon", GoDuration.Of("10m"),
        10 * Minute, 10 * Minute, null, 10 * Minute);

    /// <summary>A token for an organization, with a grant of its own.</summary>
    public static readonly TokenProfile Organization = new(
        "organization", "ta_org_", TokenAudience.Management, "adhoc", GoDuration.Of("24h"),
        Second, Year, 7 * Day, 365 * Day);

    /// <summary>A token that hangs on an account, made together with it.</summary>
    public static readonly TokenProfile SynqlyIntegrations = new(
        "synqly-integrations", "ta_syn_", TokenAudience.Management, "adhoc", GoDuration.Of("24h"),
        Second, Year, 7 * Day, 365 * Day);

    /// <summary>A single token for one integration.</summary>
    public static readonly TokenProfile Integration =
        new("integration", "ta_int_", TokenAudience.Integration, "adhoc", GoDuration.Of("10m"), Second, Day, null, Day);

    /// <summary>A single token for an MCP server.</summary>
    public static readonly TokenProfile Mcp =
        new("mcp", "ta_mcp_", TokenAudience.Mcp, "adhoc", GoDuration.Of("1h"), Second, Day, null, Day);

    /// <summary>
    /// The credential of a bridge, which its agents keep in a file: made with it, and good for as long as it is there.
    /// </summary>
    public static readonly TokenProfile Bridge = new(
        "bridge", "ta_brg_", TokenAudience.Bridge, "default", GoDuration.Forever, Second, TimeSpan.MaxValue, null, null);

    /// <summary>A Cloudflare Access service token.</summary>
    public static readonly TokenProfile ServiceToken =
        Facade("cloudflare", "cfast_", TokenAudience.Access, GoDuration.Of("8760h"));

    /// <summary>A LaunchDarkly access token, personal or service.</summary>
    public static readonly TokenProfile AccessToken =
        Facade("launchdarkly", "api-", TokenAudience.LaunchDarkly, GoDuration.Forever);

    /// <summary>A Boomerang Flow token for everything.</summary>
    public static readonly TokenProfile FlowGlobal =
        Facade("boomerang-global", "bfg_", TokenAudience.Boomerang, GoDuration.Forever);

    /// <summary>A Boomerang Flow token of a team.</summary>
    public static readonly TokenProfile FlowTeam =
        Facade("boomerang-team", "bft_", TokenAudience.Boomerang, GoDuration.Forever);

    /// <summary>A Boomerang Flow token of a workflow.</summary>
    public static readonly TokenProfile FlowWorkflow =
        Facade("boomerang-workflow", "bfw_", TokenAudience.Boomerang, GoDuration.Forever);

    /// <summary>A Boomerang Flow token of a user.</summary>
    public static readonly TokenProfile FlowUser =
        Facade("boomerang-user", "bfu_", TokenAudience.Boomerang, GoDuration.Forever);

    /// <summary>
    /// A key that something else issued, known by its hash. It has no prefix of ours and is never minted; renewed it is
    /// <see cref="Adopted"/>.
    /// </summary>
    public static readonly TokenProfile Imported = new(
        "imported", "", TokenAudience.ResourceServers, "adhoc", GoDuration.Forever, Second, TimeSpan.MaxValue, null, null);

    /// <summary>A token that was imported, from its first pair of our own on.</summary>
    public static readonly TokenProfile Adopted = new(
        "adopted", "ta_imp_", TokenAudience.Management, "adhoc", GoDuration.Of("24h"), Second, Year, 7 * Day, null);

    public static IReadOnlyList<TokenProfile> All { get; } =
    [
        Default, Logon, PasswordChange, Organization, SynqlyIntegrations, Integration, Mcp, Bridge,
        ServiceToken, AccessToken, FlowGlobal, FlowTeam, FlowWorkflow, FlowUser, Imported, Adopted,
    ];

    private static readonly FrozenDictionary<string, TokenProfile> ByName =
        All.ToFrozenDictionary(profile => profile.Name);

    private static readonly FrozenDictionary<string, TokenProfile>.AlternateLookup<ReadOnlySpan<char>> ByPrefix =
        All.Where(profile => profile.IsMinted).ToFrozenDictionary(profile => profile.Prefix)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// Made through an API other than the Management API, which lists such tokens apart: they are outside its name
    /// index, their names need not differ, and they stay listed after their expiry until they are deleted.
    /// </summary>
    public bool IsFacade => Audience is TokenAudience.Access or TokenAudience.LaunchDarkly or TokenAudience.Boomerang;

    /// <summary>
    /// Where a facade's tokens are listed: all profiles of one API together; null for the Management API's.
    /// </summary>
    public string? Listing => IsFacade ? Audience.ToString().ToLowerInvariant() : null;

    public bool HasRefreshHalf => RefreshLife is not null;

    /// <summary>
    /// Found by its name, which is unique in the organization. An imported key has one from the beginning, so that no
    /// rotation fails for a name.
    /// </summary>
    public bool IsNamed => HasRefreshHalf || Audience == TokenAudience.ResourceServers;

    /// <summary>Its secrets are made here, and begin with its prefix.</summary>
    public bool IsMinted => Prefix.Length > 0;

    /// <summary>What a token of it is from its next pair on, whose secrets are minted as that one's.</summary>
    public TokenProfile Renewed => Audience == TokenAudience.ResourceServers ? Adopted : this;

    /// <exception cref="KeyNotFoundException">no such profile</exception>
    public static TokenProfile Named(string name) =>
        ByName.GetValueOrDefault(name) ?? throw new KeyNotFoundException($"no token profile '{name}'");

    /// <summary>The profile that a secret's prefix names; null for none.</summary>
    public static TokenProfile? OfSecret(Secret secret) => OfText(secret.Reveal());

    /// <summary>The profile that the prefix of a text in the form of a secret names; null for none.</summary>
    public static TokenProfile? OfText(ReadOnlySpan<char> text) =>
        ByPrefix.TryGetValue(SecretFormat.PrefixOf(text), out var profile) ? profile : null;

    /// <summary>Null where the duration is allowed, else what is wrong with it.</summary>
    public string? ProblemWith(TimeSpan ttl, TimeSpan? longestTtl = null)
    {
        var longest = longestTtl ?? LongestTtl;
        return ttl < ShortestTtl || ttl > longest
            ? $"must lie between {GoDuration.Shown(ShortestTtl)} and {GoDuration.Shown(longest)}"
            : null;
    }

    private static TokenProfile Facade(string name, string prefix, TokenAudience audience, GoDuration life) =>
        new(name, prefix, audience, "adhoc", life, TimeSpan.FromMicroseconds(1), TimeSpan.MaxValue, null, null);
}
