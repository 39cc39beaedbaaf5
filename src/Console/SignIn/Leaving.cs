using TokenActors.Client;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.SignIn;

/// <summary>What a sign-out ends and what stays, in words.</summary>
internal static class Leaving
{
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
        var preview = await PageParts.Try(request.Api.Tokens.Delete(token).Preview(request.Aborted));
        return preview.Value?.Affected is { } affected ? Counted(affected) : InGeneral;
    }

    private static string Counted(Affected affected)
    {
        var more = affected.Complete ? "" : " or more";
        var ending = affected.Descendants == 0
            ? "No token that was made in the session ends with it."
            : $"Tokens that were made in the session and end with it: {affected.Descendants}{more}.";
        var staying = affected.Staying == 0
            ? ""
            : " Tokens that were made in it and stay, since they belong to you or to the organization: "
                + $"{affected.Staying}{more}.";
        return $"{SignedOut} {ending}{staying}";
    }
}
