using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Secrets;

namespace TokenActors.Domain.Tests.Members;

/// <summary>How long an invitation stands, and a forgotten password may be set anew.</summary>
public sealed class InvitationTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly PasswordVerifier Password = new([1], 1, new SecretDigest("p1", new byte[32]));
    private static readonly PasswordLives Short = PasswordLives.Of(password: null, "24h", "48h");

    private static MemberState Made(MemberStatus status, PasswordLives? lives = null) => MemberMachine.Create(
        null,
        new MemberSpec
        {
            Id = new MemberId(Guid.NewGuid()), OrganizationId = new OrganizationId(Guid.NewGuid()), Name = "a@example.com", Status = status,
            RoleBinding = [], Password = Password, Lives = lives ?? PasswordLives.Default,
        },
        Now).State!;

    private static MemberState Replaced(MemberState member, MemberStatus status, DateTimeOffset at) => MemberMachine.Replace(
        member,
        new MemberEdit(
            member.Name, "Another", member.Nickname, member.Picture, status, member.RoleBinding, member.Ttl, member.TokenTtl, Short),
        member.Version,
        at).State!;

    [Theory]
    [InlineData(MemberStatus.Invited, null, 168)]
    [InlineData(MemberStatus.Invited, "24h", 24)]
    [InlineData(MemberStatus.Forgotten, null, 24)]
    [InlineData(MemberStatus.Forgotten, "168h", 168)]
    [InlineData(MemberStatus.Enabled, "24h", 0)]
    [InlineData(MemberStatus.Disabled, "24h", 0)]
    public void It_stands_as_long_as_the_organization_lets_it(MemberStatus status, string? asked, int hours)
    {
        var made = Made(status, PasswordLives.Of(password: null, asked, asked));
        Assert.Equal(Now.AddHours(hours), made.PinExpiresAt);
        if (hours > 0)
        {
            Assert.False(MemberMachine.IsPinOver(made, made.PinExpiresAt.AddTicks(-1)));
            Assert.True(MemberMachine.IsPinOver(made, made.PinExpiresAt));
        }
        else
        {
            Assert.False(MemberMachine.IsPinOver(made, Now.AddYears(9)));
        }
    }

    [Fact]
    public void A_status_that_is_asked_for_anew_begins_it_and_one_that_stays_keeps_what_is_left()
    {
        var invited = Replaced(Made(MemberStatus.Enabled), MemberStatus.Invited, Now.AddDays(100));
        Assert.Equal(Now.AddDays(101), invited.PinExpiresAt);
        Assert.Equal(invited.PinExpiresAt, Replaced(invited, MemberStatus.Invited, Now.AddDays(100.5)).PinExpiresAt);
        var forgotten = Replaced(invited, MemberStatus.Forgotten, Now.AddDays(200));
        Assert.Equal(Now.AddDays(202), forgotten.PinExpiresAt);
        var enabled = Replaced(forgotten, MemberStatus.Enabled, Now.AddDays(201));
        Assert.False(MemberMachine.IsPinOver(enabled, Now.AddDays(300)));
        Assert.Equal(Now.AddDays(301), Replaced(enabled, MemberStatus.Invited, Now.AddDays(300)).PinExpiresAt);
    }

    [Theory]
    [InlineData(MemberStatus.Invited, MemberStatus.Enabled)]
    [InlineData(MemberStatus.Forgotten, MemberStatus.Enabled)]
    [InlineData(MemberStatus.Locked, MemberStatus.Locked)]
    public void A_changed_password_ends_it(MemberStatus before, MemberStatus after) =>
        Assert.Equal(after, MemberMachine.ChangePassword(Made(before), Password, longest: null, Now).State!.Status);

    /// <summary>Programs of before noted the time of creation, whatever the status: nobody is locked out by an upgrade
    /// at once.</summary>
    [Fact]
    public void An_invitation_whose_end_was_not_noted_stands_for_a_week_from_the_last_change()
    {
        var old = Made(MemberStatus.Invited) with { PinExpiresAt = Now, UpdatedAt = Now.AddDays(30) };
        Assert.Equal(Now.AddDays(37), MemberMachine.PinEndOf(old));
        Assert.False(MemberMachine.IsPinOver(old, Now.AddDays(36)));
        Assert.True(MemberMachine.IsPinOver(old, Now.AddDays(37)));
        Assert.False(MemberMachine.IsPinOver(old with { Status = MemberStatus.Forgotten }, Now.AddDays(99)));
    }
}
