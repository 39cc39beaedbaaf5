using System.Globalization;

namespace TokenActors.Storage.Audit;

/// <summary>
/// Names a link by number and code, as <c>number:hex</c>. Kept outside the database it shows later that the chain was
/// neither cut off before that link nor made anew.
/// </summary>
public sealed record AuditAnchor(long Link, string Code)
{
    public static bool TryParse(string text, out AuditAnchor anchor)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var isRead = long.TryParse(
            colon < 0 ? "" : text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var link)
            && link > 0 && text.Length > colon + 1 && text.AsSpan(colon + 1).IndexOfAnyExcept("0123456789abcdef") < 0;
        anchor = new AuditAnchor(link, isRead ? text[(colon + 1)..] : "");
        return isRead;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Link}:{Code}");
}
