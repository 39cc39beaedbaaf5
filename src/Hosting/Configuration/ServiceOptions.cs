using System.ComponentModel.DataAnnotations;
using TokenActors.Storage;
using TokenActors.Storage.Secrets;

namespace TokenActors.Hosting.Configuration;

/// <summary>
/// Section <c>TokenActors</c>, read by <see cref="SettingsReader"/>. A setting exists if a property here can be set to
/// it. Every program knows all of them, so that silos and gateways can be given the same environment.
/// </summary>
public sealed class ServiceOptions
{
    public const string Section = "TokenActors";

    /// <summary>How often the runtime reads its reminders again.</summary>
    public static readonly TimeSpan ReminderReadPeriod = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How far ahead of now a read returns reminders: at least the read period, the longest read, the response
    /// time-out, and room for a read that failed.
    /// </summary>
    public static readonly TimeSpan ReminderWindow = TimeSpan.FromMinutes(10);

    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Holds the SQLite file, the pepper and what bootstrap wrote.</summary>
    public string DataDirectory { get; init; } = "data";

    public StorageOptions Storage { get; init; } = new();

    public ClusterSettings Cluster { get; init; } = new();

    public SecretSettings Secrets { get; init; } = new();

    public TokenOptions Tokens { get; init; } = new();

    public RateLimitSettings RateLimits { get; init; } = new();

    public ProxySettings ForwardedHeaders { get; init; } = new();

    public AccessSettings Access { get; init; } = new();

    public BrowserSettings Cors { get; init; } = new();

    public CloudflareSettings Cloudflare { get; init; } = new();

    public LeakSettings Leaks { get; init; } = new();

    public WebhookSettings Webhooks { get; init; } = new();

    public UsageOptions Usage { get; init; } = new();

    public ConsoleSettings Console { get; init; } = new();

    public McpSettings Mcp { get; init; } = new();

    /// <summary>
    /// The URL that clients and resource servers know the service by. With it the gateway tells its metadata (RFC 8414,
    /// RFC 9728), and introspection names it; without it there are none.
    /// </summary>
    [Issuer]
    public string? Issuer { get; init; }
}

/// <summary>Section <c>TokenActors:Secrets</c>.</summary>
public sealed class SecretSettings
{
    /// <summary>The one in use first; empty where the file in the data directory is used.</summary>
    public IReadOnlyList<PepperSettings> Peppers { get; init; } = [];
}

/// <summary>A server key under which secrets are stored.</summary>
public sealed class PepperSettings
{
    [Required(ErrorMessage = "every pepper needs an id of its own")]
    [MinLength(1, ErrorMessage = "must not be empty; every pepper needs an id of its own")]
    public required string Id { get; init; }

    [Required(ErrorMessage = "it must be 32 bytes in base64")]
    [PepperKey, DataType(DataType.Password)]
    public required string Key { get; init; }

    public Pepper ToPepper() => new(Id, Convert.FromBase64String(Key));
}

/// <summary>What becomes of a token whose spent refresh secret is presented again after the grace.</summary>
public enum ReuseDetection
{
    /// <summary>The caller is refused, and the token lives on.</summary>
    Refuse,

    /// <summary>The token is disabled too.</summary>
    Disable,
}

/// <summary>How long a token lives that was made with another.</summary>
public enum ChildLife
{
    /// <summary>As long as it was asked for, also where its parent expires before.</summary>
    Own,

    /// <summary>No longer than its parent, as its parent's end was when it was made.</summary>
    Parent,
}

/// <summary>Section <c>TokenActors:Tokens</c>.</summary>
public sealed class TokenOptions
{
    /// <summary>
    /// How long a spent refresh secret gets the same pair again after its successor was used; a Go duration.
    /// </summary>
    [Duration(Most = "24h")]
    public string RefreshGrace { get; init; } = "60s";

    public ReuseDetection ReuseDetection { get; init; }

    /// <summary>To be set once every silo knows it: an older one forgets the cut.</summary>
    public ChildLife ChildLife { get; init; }

    /// <summary>Named tokens of one organization; 0 for no limit.</summary>
    [WholeNumber(0)]
    public int MostLiveTokens { get; init; }
}

/// <summary>Section <c>TokenActors:Usage</c> of silos.</summary>
public sealed class UsageOptions
{
    /// <summary>
    /// How often tokens are used and the last networks that they were used from are kept. Without it only the time of
    /// the last use is.
    /// </summary>
    public bool Enabled { get; init; } = true;
}

/// <summary>
/// Section <c>TokenActors:RateLimits</c> of gateways, and of silos for <see cref="LogonsPerName"/>; 0 switches a limit
/// off.
/// </summary>
public sealed class RateLimitSettings
{
    /// <summary>Requests a second of one token, with bursts of twice that.</summary>
    [WholeNumber(0)]
    public int PerToken { get; init; } = 1000;

    /// <summary>Failed authentications a minute from one address.</summary>
    [WholeNumber(0)]
    public int FailuresPerAddress { get; init; } = 300;

    /// <summary>Attempts a minute to log on under one name of one organization.</summary>
    [WholeNumber(0)]
    public int LogonsPerName { get; init; } = 10;

    /// <summary>
    /// Unknown keys a minute under one scheme of imported keys with few random characters, in one gateway. Beyond that
    /// only keys that the gateway knows are looked at.
    /// </summary>
    [WholeNumber(0)]
    public int GuessesPerScheme { get; init; } = 60;
}

/// <summary>Section <c>TokenActors:ForwardedHeaders</c> of the gateway.</summary>
public sealed class ProxySettings
{
    /// <summary>
    /// Addresses of the proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed.
    /// </summary>
    [Address]
    public IReadOnlyList<string> KnownProxies { get; init; } = [];

    /// <summary>Networks all of whose addresses are such proxies.</summary>
    [Network]
    public IReadOnlyList<string> KnownNetworks { get; init; } = [];
}

/// <summary>Section <c>TokenActors:Access</c> of the gateway.</summary>
public sealed class AccessSettings
{
    /// <summary>Header in which <c>/access/verify</c> also looks for both credentials as one JSON object.</summary>
    public string SingleHeader { get; init; } = "Authorization";

    /// <summary>
    /// The organization whose bearers <c>/access/verify</c> lets in where the question names none.
    /// </summary>
    [OrganizationIdentity]
    public string? Organization { get; init; }
}

/// <summary>Section <c>TokenActors:Cloudflare</c> of the gateway.</summary>
public sealed class CloudflareSettings
{
    /// <summary>Zones whose service tokens are those of an organization. Any other zone is the organization of its
    /// id.</summary>
    public IReadOnlyList<ZoneSettings> Zones { get; init; } = [];
}

/// <summary>A zone of Cloudflare, and the organization that it stands for.</summary>
public sealed class ZoneSettings
{
    [Required(ErrorMessage = "a zone has an id of 32 hexadecimal digits")]
    [OrganizationIdentity]
    public required string Zone { get; init; }

    [Required(ErrorMessage = "a zone stands for an organization")]
    [OrganizationIdentity]
    public required string Organization { get; init; }
}

/// <summary>Section <c>TokenActors:Cors</c> of the gateway.</summary>
public sealed class BrowserSettings
{
    /// <summary>
    /// Origins of pages that may call <c>/v1</c> from a browser, with tokens of the permission set <c>connect-ui</c>
    /// only.
    /// </summary>
    [Origin]
    public IReadOnlyList<string> Origins { get; init; } = [];
}
