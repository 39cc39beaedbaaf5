using TokenActors.WebConsole.Layout;

namespace TokenActors.WebConsole.Tokens;

/// <summary>Where the pages of a token are.</summary>
internal static class TokenPaths
{
    public static string Of(string id) => $"{Places.Tokens}/{Uri.EscapeDataString(id)}";

    public static string Of(string id, string command) => $"{Of(id)}/{command}";
}
