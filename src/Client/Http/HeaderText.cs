namespace TokenActors.Client.Http;

/// <summary>What goes into a header: .NET would take anything else for a service that cannot be reached.</summary>
internal static class HeaderText
{
    private const int LongestKey = 255;

    /// <summary>A secret that asks, which is never shown.</summary>
    /// <exception cref="ArgumentException">it is none</exception>
    public static string Secret(string text) => text.Length > 0 && text.All(letter => letter is > ' ' and <= '~')
        ? text
        : throw new ArgumentException(
            "What is to sign in is no secret: it is empty, or has blanks, line ends or letters that no secret has.");

    /// <summary>A key of the caller's, in which blanks may be.</summary>
    /// <exception cref="ArgumentException">it is none</exception>
    public static string Key(string text) =>
        text.Length is > 0 and <= LongestKey && text.All(letter => letter is >= ' ' and <= '~')
            ? text
            : throw new ArgumentException($"An idempotency key is 1 to {LongestKey} printable ASCII characters.");
}
