using System.Net;
using TokenActors.Client;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.SignIn;

/// <summary>What a sign-out ends and what stays, in words.</summary>
internal static class Leaving
{
    /// <summary>Where the service could not be told.</summary>
    public const string HereOnly =
        "You are signed out here. The service could not be told: what was made in the session ends when it does, by itself.";

    private const string SignedOut = "You are signed out.";

    /// <summary>To be asked before the session ends, since nobody can ask for it afterwards.</summary>
    public static async Task<string> Words(ConsoleRequest request) => request.Session switch
    {
        null or { MustChangePassword: true } => SignedOut,
        { Refresh: null } => $"{SignedOut} The token that you signed in with stays, and what was made with it.",
        { TokenId: { } token } when request.Rights.EndsTokens => await Counted(request, token),
        _ => InGeneral,
    };

    private static string InGeneral =>
        $"{SignedOut} What was made in the session and belongs to it ends with it; "
        + "what belongs to you or to the organization stays.";

    private static async Task<string> Counted(ConsoleRequest request, string token)
    {
        try
        {
            var preview = await request.Api.Tokens.Delete(token).Preview(request.Aborted);
            return preview.Affected is { } affected ? Counted(affected) : InGeneral;
        }
        catch (TokenActorsException e)
        {
            // A session whose token is over ends like any other.
            return e.Status == HttpStatusCode.Unauthorized ? SignedOut : InGeneral;
        }
    }

    private static string Counted(Affected affected)
    {
        var more = affected.Complete ? "" : " or more";
        var ending = affected.Descendants == 0
            ? "No token that was made in the session ends with it."
            : $"Tokens that were made in the session and end with it: {affected.Descendants}{more}.";
        var staying = affected.Staying == 0
            ? ""
            : $" Tokens behind it that stay: {affected.Staying}{more}.";
        return $"{SignedOut} {ending}{staying}";
    }
}
