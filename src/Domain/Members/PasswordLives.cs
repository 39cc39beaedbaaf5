using TokenActors.Domain.Time;

namespace TokenActors.Domain.Members;

/// <summary>How long an organization lets passwords, invitations and forgotten passwords stand.</summary>
/// <param name="Longest">of a password; null: 4320h</param>
/// <param name="Invitation">how long who was invited may take it up</param>
/// <param name="Forgotten">how long a forgotten password may be set anew</param>
public sealed record PasswordLives(TimeSpan? Longest, TimeSpan Invitation, TimeSpan Forgotten)
{
    public static readonly PasswordLives Default = new(Longest: null, TimeSpan.FromHours(168), TimeSpan.FromHours(24));

    /// <param name="password">an organization's <c>password_duration</c>; null where it does not say, as the
    /// others</param>
    /// <param name="invite">its <c>invite_duration</c></param>
    /// <param name="forgot">its <c>forgot_duration</c></param>
    public static PasswordLives Of(string? password, string? invite, string? forgot) => new(
        password is null ? Default.Longest : GoDuration.Of(password).Value,
        invite is null ? Default.Invitation : GoDuration.Of(invite).Value,
        forgot is null ? Default.Forgotten : GoDuration.Of(forgot).Value);

    /// <summary>When what a member is told to do has to be done; now where its status asks nothing.</summary>
    public DateTimeOffset PinEnd(MemberStatus status, DateTimeOffset now) => status switch
    {
        MemberStatus.Invited => now.PlusCapped(Invitation),
        MemberStatus.Forgotten => now.PlusCapped(Forgotten),
        _ => now,
    };
}
