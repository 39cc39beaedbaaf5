using TokenActors.Client.Resources;

namespace TokenActors.WebConsole.Members;

/// <summary>A change of a member's state.</summary>
/// <param name="Name">in the address</param>
/// <param name="Title">of its page, and of its button</param>
/// <param name="State">that the member has afterwards</param>
/// <param name="Effect">what it does, in a sentence or two</param>
/// <param name="Said">of the member, when it is done</param>
public sealed record MemberCommand(string Name, string Title, string State, string Effect, string Said)
{
    /// <summary>It takes something away.</summary>
    public bool IsDanger { get; init; }

    /// <summary>The person has to give the password again before.</summary>
    public bool NeedsProof { get; init; }

    /// <summary>Whether it makes sense for a member as it is.</summary>
    public required Func<Member, bool> Fits { get; init; }

    /// <summary>What it means for whoever does it to the own member; null where that goes on.</summary>
    public string? WhereOwn => State switch
    {
        "disabled" or "locked" => "This is you: it ends your session, and somebody else has to let you in again.",
        "invited" => "This is you: it ends your session, and you have to set a new password.",
        _ => null,
    };

    /// <summary>Every command, in the order of their buttons.</summary>
    public static IReadOnlyList<MemberCommand> All { get; } =
    [
        new("enable", "Enable", "enabled",
            "The member can log on with its password, and what was made for it is accepted.", "is enabled")
        {
            Fits = static member => member.State is not ("enabled" or "locked"),
        },
        new("release", "Release lock", "enabled",
            "The member can log on again with its password, and what was made for it is accepted again.", "is released")
        {
            Fits = static member => member.State == "locked",
        },
        new("disable", "Disable", "disabled",
            "The member can no longer log on, and nothing that was made for it is accepted until it is enabled.",
            "is disabled")
        {
            IsDanger = true, Fits = static member => member.State != "disabled",
        },
        new("lock", "Lock", "locked",
            "The member can no longer log on, and nothing that was made for it is accepted until the lock is released. "
            + "At a log-on it is told that it is locked.", "is locked")
        {
            IsDanger = true, Fits = static member => member.State != "locked",
        },
        new("reset", "Demand new password", "forgotten",
            "At its next log-on, which takes the password as it is, the member has to set another one, within the time "
            + "that the organization gives for a forgotten password. Its tokens are accepted meanwhile.",
            "has to set a new password")
        {
            IsDanger = true, NeedsProof = true, Fits = static member => member.State != "forgotten",
        },
        new("invite", "Invite", "invited",
            "At its next log-on, which takes the password as it is, the member has to set one of its own, within the "
            + "time that the organization gives for an invitation. Until then nothing that was made for it is accepted.",
            "is invited")
        {
            IsDanger = true, Fits = static member => member.State != "invited",
        },
    ];

    public static MemberCommand? Find(string name) => All.FirstOrDefault(command => command.Name == name);
}
