using System.Net;
using TokenActors.Cli.Foundation;
using TokenActors.Client;

namespace TokenActors.Cli.Running;

/// <summary>Every exception as one line for the person, and a number for the script.</summary>
internal static class Failures
{
    public const string LookFirst = "Look before you repeat it.";

    public static string RepeatUnder(string key) => $"Repeat it, it is done once: --idempotency-key {key}";

    public static (ExitCode Code, string Line) Of(Exception exception) => exception switch
    {
        CliException e => (e.ExitCode, e.Message),
        OutcomeUnknownException { IdempotencyKey: { } key } e =>
            (ExitCode.OutcomeUnknown, $"{e.Detail} {RepeatUnder(key)}"),
        OutcomeUnknownException e => (ExitCode.OutcomeUnknown, $"{e.Detail} {LookFirst}"),
        TokenActorsException e => (CodeOf(e), LineOf(e)),

        // What the command line said and the client does not take, as a name that is empty.
        ArgumentException e and not (ArgumentNullException or ArgumentOutOfRangeException) =>
            (ExitCode.Usage, e.ParamName is null ? e.Message : e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal)),
        IOException or UnauthorizedAccessException => (ExitCode.Failed, exception.Message),
        _ => (ExitCode.Failed, $"That is a bug of ta: {exception.GetType().Name}: {exception.Message}"),
    };

    private static ExitCode CodeOf(TokenActorsException e) => e.Status switch
    {
        HttpStatusCode.NotFound => ExitCode.NotFound,
        HttpStatusCode.Unauthorized => ExitCode.NotSignedIn,
        null or >= HttpStatusCode.InternalServerError => ExitCode.Failed,
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
        null => " Check the URL: --url, TOKENACTORS_URL or ta auth login --url",
        _ => "",
    };
}
