using System.Net;
using System.Text.RegularExpressions;
using TokenActors.Cli.Foundation;
using TokenActors.Client;

namespace TokenActors.Cli.Running;

/// <summary>Every exception as one line for the person, and a number for the script.</summary>
internal static partial class Failures
{
    public const string LookFirst = "Look before you repeat it.";

    /// <summary>How a change is repeated so that it is done once.</summary>
    /// <param name="key">its idempotency key</param>
    /// <param name="meant">words of the command line, with what they have to be in a repetition</param>
    public static string RepeatUnder(string key, IReadOnlyDictionary<string, string>? meant = null)
    {
        var others = meant is null or { Count: 0 }
            ? ""
            : $"with {string.Join(" and ", meant.Select(word => $"{word.Value} in place of {word.Key}"))}, ";
        return $"Repeat it, {others}it is done once: --idempotency-key {key}";
    }

    /// <summary>A secret that was given by mistake, as the name of something, is masked: lines of stderr are kept in
    /// logs.</summary>
    public static (ExitCode Code, string Line) Of(Exception exception)
    {
        var (code, line) = Describe(exception);
        return (code, OneLine(line));
    }

    /// <summary>A text that others chose, masked: it ends no line, and orders nothing of a terminal.</summary>
    public static string OneLine(string text) =>
        Masked(string.Concat(text.Select(letter => EndsLine(letter) || char.IsControl(letter) ? ' ' : letter)));

    private static bool EndsLine(char letter) => letter is '\u2028' or '\u2029';

    /// <summary>A text whose secrets are masked, such as <c>ta_org_…w7SZ</c>.</summary>
    public static string Masked(string text) => Secrets().Replace(text, secret => new Secret(secret.Value).ToString());

    /// <summary>There is a secret in a text.</summary>
    public static bool HoldsSecret(string text) => Secrets().IsMatch(text);

    private static (ExitCode Code, string Line) Describe(Exception exception) => exception switch
    {
        CliException e => (e.ExitCode, e.Message),
        OutcomeUnknownException { IdempotencyKey: { } key } e =>
            (ExitCode.OutcomeUnknown, $"{e.Detail} {RepeatUnder(key)}"),
        OutcomeUnknownException e => (ExitCode.OutcomeUnknown, $"{e.Detail} {LookFirst}"),
        TokenActorsException e => (CodeOf(e), LineOf(e)),

        // What the command line said and the client does not take, as a name that is empty.
        ArgumentException e and not (ArgumentNullException or ArgumentOutOfRangeException) =>
            (ExitCode.Usage, e.ParamName is null ? e.Message : e.Message.Replace(
                $" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal)),
        IOException or UnauthorizedAccessException => (ExitCode.Failed, exception.Message),
        _ => (ExitCode.Failed, $"That is a bug of ta: {exception.GetType().Name}: {exception.Message}"),
    };

    [GeneratedRegex("[A-Za-z_-]*[0-9A-Za-z]{71,}|whsec_[0-9A-Za-z+/=]{20,}")]
    private static partial Regex Secrets();

    private static ExitCode CodeOf(TokenActorsException e) => e.Status switch
    {
        HttpStatusCode.NotFound => ExitCode.NotFound,
        HttpStatusCode.Unauthorized => ExitCode.NotSignedIn,

        // An answer that is none of this service's refuses nothing.
        null or < HttpStatusCode.BadRequest or >= HttpStatusCode.InternalServerError => ExitCode.Failed,
        _ => ExitCode.Refused,
    };

    private static string LineOf(TokenActorsException e)
    {
        var errors = e.Errors.Where(error => !e.Detail.Contains(error.Detail, StringComparison.Ordinal))
            .Select(error => $"{error.Pointer ?? error.Parameter}: {error.Detail}");
        return $"{string.Join("; ", [e.Detail.TrimEnd(), .. errors])} ({e.Code}){AdviceOf(e)}";
    }

    private static string AdviceOf(TokenActorsException e) => e.Status switch
    {
        HttpStatusCode.Unauthorized => " Sign in with: ta auth login",
        HttpStatusCode.Forbidden => " Ask for a token that may do it: ta token can",
        HttpStatusCode.TooManyRequests when e.RetryAfter is { } wait => $" Try again in {wait.TotalSeconds:0} s.",
        HttpStatusCode.PreconditionFailed => " Somebody changed it meanwhile: look again.",
        null or < HttpStatusCode.BadRequest => " Check the URL: --url, TOKENACTORS_URL or ta auth login --url",
        _ => "",
    };
}
