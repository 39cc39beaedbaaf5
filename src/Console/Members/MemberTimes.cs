using TokenActors.Client.Resources;

namespace TokenActors.WebConsole.Members;

/// <summary>Times of a member that the wire says otherwise than people do.</summary>
internal static class MemberTimes
{
    /// <summary>The last log-on; null for none, of which the service says when the member was made.</summary>
    public static DateTimeOffset? LoggedOnAt(this Member member) =>
        member.LastLogon > member.CreatedAt ? member.LastLogon : null;
}
