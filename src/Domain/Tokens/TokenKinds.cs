using System.Collections.Immutable;

namespace TokenActors.Domain.Tokens;

/// <summary>What people call the kinds of tokens: several profiles may be one kind.</summary>
public static class TokenKinds
{
    public const string Default = "default";
    public const string Session = "session";
    public const string Adhoc = "adhoc";
    public const string Integration = "integration";
    public const string Mcp = "mcp";
    public const string Bridge = "bridge";
    public const string Cloudflare = "cloudflare";
    public const string LaunchDarkly = "launchdarkly";
    public const string Boomerang = "boomerang";
    public const string Imported = "imported";

    /// <summary>Kinds that are made because somebody asks for one; others come with what they belong to.</summary>
    public static readonly ImmutableArray<string> Chosen =
        [Adhoc, Integration, Mcp, Cloudflare, LaunchDarkly, Boomerang, Imported];

    public static string Of(TokenProfile profile) => profile.Audience switch
    {
        _ when profile == TokenProfile.Default => Default,
        _ when profile == TokenProfile.Logon => Session,
        TokenAudience.PasswordChange => Session,
        TokenAudience.Management => Adhoc,
        TokenAudience.Integration => Integration,
        TokenAudience.Mcp => Mcp,
        TokenAudience.Bridge => Bridge,
        TokenAudience.Access => Cloudflare,
        TokenAudience.LaunchDarkly => LaunchDarkly,
        TokenAudience.Boomerang => Boomerang,
        TokenAudience.ResourceServers => Imported,
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, null),
    };
}
