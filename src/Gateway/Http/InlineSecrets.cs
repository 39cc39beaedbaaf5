using System.Buffers.Text;
using System.Text.RegularExpressions;

namespace TokenActors.Gateway.Http;

/// <summary>
/// Tells by its name, or by its form, what is likely to be a secret. Short words count only where they are words:
/// <c>author</c>, <c>compass</c> and <c>auth_url</c> name none.
/// </summary>
internal static partial class InlineSecrets
{
    /// <summary>Characters of the shortest bearer that is seen where texts stand too.</summary>
    private const int LeastOfBearer = 16;

    private static readonly char[] Digits = [.. "0123456789"];

    /// <summary>Ends of the names that secrets have, without what separates words.</summary>
    private static readonly string[] Ends =
    [
        "secret", "secrets", "password", "passwords", "passwd", "passphrase", "passcode", "pwd", "key", "token",
        "authorization",
        "cookie", "jwt", "hmac", "credential", "credentials", "sessionid", "sessid", "connectionstring", "basicauth",
        "dbpass", "userpass",
    ];

    /// <summary>Last words of the names that secrets have.</summary>
    private static readonly string[] LastWords = ["auth", "oauth", "bearer", "pass", "pat", "cred", "creds", "session"];

    /// <summary>The same of parameters of a URL.</summary>
    private static readonly string[] LastWordsInUrl = ["sig", "signature", "sas", "otp", "assertion"];

    /// <summary>What stands before <c>code</c> where that is no country's or language's.</summary>
    private static readonly string[] BeforeCode = ["auth", "authorization", "access", "security", "verification", "function"];

    public static bool IsName(string name) => Ends.Any(
        end => PlainOf(name).EndsWith(end, StringComparison.OrdinalIgnoreCase))
        || (WordsOf(name) is [.., var last] && LastWords.Contains(last));

    /// <summary>A URL, with or without its scheme, that holds a user or a password.</summary>
    public static bool IsUrlWithUser(string text) =>
        (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Length > 0) || UserInfo().IsMatch(text);

    /// <summary>The same, or a text with a secret in its parameters.</summary>
    public static bool IsUrlWithSecret(string text) => IsUrlWithUser(text)
        || Parameter().Matches(text).Any(parameter => IsParameter(Uri.UnescapeDataString(parameter.Groups["name"].Value)));

    /// <summary>
    /// What an <c>Authorization</c> header holds, under whatever name: among headers by its scheme alone, elsewhere
    /// only where what follows the scheme can be nothing else.
    /// </summary>
    public static bool IsAuthorization(string text, bool amongHeaders) => Scheme().Match(text) is { Success: true } match
        && (amongHeaders || IsCredentials(match.Groups["scheme"].Value, match.Groups["rest"].Value));

    private static bool IsCredentials(string scheme, string rest) => scheme.Equals(
        "basic", StringComparison.OrdinalIgnoreCase)
        ? Base64.IsValid(rest, out var length) && length > 0 && Convert.FromBase64String(rest).Contains((byte)':')
        : rest.Length >= LeastOfBearer && !rest.Any(char.IsWhiteSpace);

    private static bool IsParameter(string name) => IsName(name) || (WordsOf(name) is [.. var before, var last]
        && (LastWordsInUrl.Contains(last) || (last == "code" && (before is [] || BeforeCode.Contains(before[^1])))));

    private static string PlainOf(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).TrimEnd(Digits);

    /// <summary>
    /// The words of a name, in lower case and as they are separated by other characters or by capitals, without the
    /// numbers and the words after which it still is the same thing.
    /// </summary>
    private static string[] WordsOf(string name)
    {
        string[] words = [.. Word().Matches(name).Select(word => word.Value.ToLowerInvariant())];
        return words is [.., "value"] or [.., "session", "id"] ? words[..^1] : words;
    }

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"[?#&;]\s*(?<name>[^?#&;=]+)=\s*[^?#&;\s]")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^\s*(?<scheme>bearer|basic)\s+(?<rest>\S.*?)\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9+.-]*:)?(//)?[^/?#@\s:]+:[^/?#@\s]+@")]
    private static partial Regex UserInfo();
}
