using TokenActors.Domain.Members;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Members;

/// <summary>Compares what a client derived from a password with what is stored of it.</summary>
internal static class PasswordProofs
{
    /// <summary>Only a right password tells what is wrong with the member, or that the password has expired.</summary>
    public static AuthOutcome OutcomeOf(
        MemberState member, SecretFingerprint derived, PepperRing peppers, DateTimeOffset now)
    {
        if (!peppers.Matches(derived, member.Password.Digest))
        {
            return AuthOutcome.Failure;
        }

        return member.Status switch
        {
            _ when MemberMachine.IsPinOver(member, now) => AuthOutcome.Lapsed,
            MemberStatus.Disabled => AuthOutcome.Disabled,
            MemberStatus.Locked => AuthOutcome.Locked,
            MemberStatus.Invited => AuthOutcome.Invited,
            MemberStatus.Forgotten => AuthOutcome.Expired,
            _ => now >= member.ExpiresAt ? AuthOutcome.Expired : AuthOutcome.Success,
        };
    }
}
