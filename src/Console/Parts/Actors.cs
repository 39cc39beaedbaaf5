using TokenActors.Client.Audit;

namespace TokenActors.WebConsole.Parts;

/// <summary>Who did what a row of the trail says. A row names a member where a bearer asked for it.</summary>
internal static class Actors
{
    /// <summary>
    /// The member that did it; null where none did, or nobody knows. Who logs on has no bearer yet: the row is about
    /// the member, and the session that it opens is the member's.
    /// </summary>
    /// <param name="row">of the trail</param>
    /// <param name="sessionOf">the member whose session the row is about, where it is known to be about one</param>
    public static string? MemberOf(AuditRow row, string? sessionOf = null) => row switch
    {
        { MemberId: { } member } => member,
        { Event: "member.logged_on", SubjectKind: "member" } => row.SubjectId,
        { SubjectKind: "token", Event: "token.issued" or "token.refreshed" } => sessionOf,
        _ => null,
    };

    /// <summary>Who did it where no member is known.</summary>
    public static string WordsOf(AuditRow row) => row switch
    {
        { Event: "logon.failed" } => "somebody unknown",
        { SubjectKind: "token", Event: "token.refreshed" } => "its holder",
        { Method: not null } => "somebody unknown",
        _ => "the service",
    };
}
