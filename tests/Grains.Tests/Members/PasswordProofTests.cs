using System.Security.Cryptography;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Members;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Tests.Members;

/// <summary>What a proof of a password is answered, by the member's status and the password's age.</summary>
public sealed class PasswordProofTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly PepperRing Ring = new([new Pepper("p1", RandomNumberGenerator.GetBytes(32))]);
    private static readonly SecretFingerprint Right = new Secret("right").Fingerprint();

    [Theory]
    [InlineData(MemberStatus.Enabled, AuthOutcome.Success)]
    [InlineData(MemberStatus.Forgotten, AuthOutcome.Expired)]
    [InlineData(MemberStatus.Disabled, AuthOutcome.Disabled)]
    [InlineData(MemberStatus.Locked, AuthOutcome.Locked)]
    [InlineData(MemberStatus.Invited, AuthOutcome.Invited)]
    public void A_right_password_tells_the_status_and_a_wrong_one_nothing(MemberStatus status, AuthOutcome expected)
    {
        var member = Member(status, expiresIn: TimeSpan.FromDays(1));
        Assert.Equal(expected, PasswordProofs.OutcomeOf(member, Right, Ring, Now));
        Assert.Equal(
            AuthOutcome.Failure, PasswordProofs.OutcomeOf(member, new Secret("wrong").Fingerprint(), Ring, Now));
    }

    [Theory]
    [InlineData(1, AuthOutcome.Success)]
    [InlineData(0, AuthOutcome.Expired)]
    [InlineData(-1, AuthOutcome.Expired)]
    public void A_password_expires_at_its_very_time(int secondsLeft, AuthOutcome expected) => Assert.Equal(
        expected, PasswordProofs.OutcomeOf(
            Member(MemberStatus.Enabled, TimeSpan.FromSeconds(secondsLeft)), Right, Ring, Now));

    [Fact]
    public void A_member_that_is_shut_out_does_not_learn_that_its_password_has_expired() => Assert.Equal(
        AuthOutcome.Disabled,
        PasswordProofs.OutcomeOf(Member(MemberStatus.Disabled, TimeSpan.FromSeconds(-1)), Right, Ring, Now));

    private static MemberState Member(MemberStatus status, TimeSpan expiresIn)
    {
        var spec = new MemberSpec
        {
            Id = new MemberId(Guid.NewGuid()),
            OrganizationId = new OrganizationId(Guid.NewGuid()),
            Name = "someone",
            Status = status,
            RoleBinding = [],
            Password = new PasswordVerifier(new byte[16], 1, Ring.Digest(Right)),
        };
        var made = MemberMachine.Create(null, spec, Now).State;
        Assert.NotNull(made);
        return made with { ExpiresAt = Now + expiresIn };
    }
}
