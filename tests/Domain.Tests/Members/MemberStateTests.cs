using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Members;

public sealed class MemberStateTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(MemberStatus.Enabled, true)]
    [InlineData(MemberStatus.Forgotten, true)] // a request by anyone who knows the name must not lock a member out
    [InlineData(MemberStatus.Disabled, false)]
    [InlineData(MemberStatus.Invited, false)]
    [InlineData(MemberStatus.Locked, false)]
    public void Tokens_of_a_member_are_accepted_while_it_stands(MemberStatus status, bool stands) =>
        Assert.Equal(stands, Member(MemberType.Personal, status).Stands);

    [Fact]
    public void Every_status_is_in_that_table() => Assert.Equal(5, Enum.GetValues<MemberStatus>().Length);

    /// <summary>A person's session lasts a day at most, a service's ninety.</summary>
    [Theory]
    [InlineData(MemberType.Personal, "1m", true)]
    [InlineData(MemberType.Personal, "24h", true)]
    [InlineData(MemberType.Personal, "24h1s", false)]
    [InlineData(MemberType.Personal, "59s", false)]
    [InlineData(MemberType.Service, "24h1s", true)]
    [InlineData(MemberType.Service, "2160h", true)]
    [InlineData(MemberType.Service, "2160h1s", false)]
    [InlineData(MemberType.Service, "59s", false)]
    public void A_session_lasts_as_long_as_its_kind_of_member_may(MemberType type, string ttl, bool allowed)
    {
        var longest = Member(type).LongestTokenTtl;
        Assert.Equal(allowed, TokenProfile.Logon.ProblemWith(GoDuration.Of(ttl).Value, longest) is null);
    }

    private static MemberState Member(MemberType type, MemberStatus status = MemberStatus.Enabled) => new()
    {
        Id = MemberId.Parse("01900000-0000-7000-8000-00000000000b"),
        OrganizationId = OrganizationId.Parse("01900000-0000-7000-8000-00000000000a"),
        Name = "someone",
        FullName = "Someone",
        Type = type,
        Status = status,
        RoleBinding = ["member"],
        Ttl = GoDuration.Of("4320h"),
        TokenTtl = GoDuration.Of("1h"),
        ExpiresAt = Start,
        PinExpiresAt = Start,
        LastLogon = Start,
        CreatedAt = Start,
        UpdatedAt = Start,
        Password = new PasswordVerifier([], 1, new SecretDigest("p1", [])),
    };
}
