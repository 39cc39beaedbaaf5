using TokenActors.Domain.Events;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Records;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tests.Records;
using TokenActors.Domain.Time;

namespace TokenActors.Domain.Tests.Members;

/// <summary>Every cell of transition × state of a member.</summary>
public sealed class MemberTableTests
{
    private const long Decided = 7;

    private static readonly DateTimeOffset Before = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Before.AddDays(3);
    private static readonly PasswordVerifier Next = new([2], 2, new SecretDigest("p2", new byte[32]));

    private static readonly MemberEdit Edit = new(
        "renamed", "Renamed", "nick", "https://example.com/p", MemberStatus.Locked, ["viewer", "member"],
        GoDuration.Of("48h"), GoDuration.Of("2h"),
        PasswordLives.Default);

    private static readonly MemberState Live = new()
    {
        Id = new MemberId(Guid.NewGuid()), OrganizationId = new OrganizationId(Guid.NewGuid()), Name = "name", FullName = "Name",
        Status = MemberStatus.Forgotten, RoleBinding = ["member"], Ttl = GoDuration.Of("72h"),
        TokenTtl = GoDuration.Of("1h"),
        ExpiresAt = Before, PinExpiresAt = Before, LastLogon = Before, CreatedAt = Before, UpdatedAt = Before,
        Password = new PasswordVerifier([1], 1, new SecretDigest("p1", new byte[32])), Version = Decided,
    };

    public static TheoryData<string, RecordCase, string> Cells()
    {
        var data = new TheoryData<string, RecordCase, string>();
        void Row(string transition, string absent, string live, string otherVersion, string pending, string deleted)
        {
            data.Add(transition, RecordCase.Absent, absent);
            data.Add(transition, RecordCase.Live, live);
            data.Add(transition, RecordCase.OtherVersion, otherVersion);
            data.Add(transition, RecordCase.Pending, pending);
            data.Add(transition, RecordCase.Deleted, deleted);
        }

        Row("Create", "created", "IdTaken", "IdTaken", "NotFound", "NotFound");
        Row("Replace", "NotFound", "replaced", "ChangedMeanwhile", "NotFound", "NotFound");
        Row("Replace with the same", "NotFound", "stay", "ChangedMeanwhile", "NotFound", "NotFound");
        Row("LogOn", "NotFound", "logged_on", "logged_on", "NotFound", "NotFound");
        Row("ChangePassword", "NotFound", "password_changed", "password_changed", "NotFound", "NotFound");
        Row("ResetPassword", "NotFound", "password_reset", "password_reset", "NotFound", "NotFound");
        Row("SetStatus", "NotFound", "status_set", "status_set", "NotFound", "NotFound");
        Row("SetStatus to the same", "NotFound", "stay", "stay", "NotFound", "NotFound");
        Row("BindRoles", "NotFound", "roles_bound", "roles_bound", "NotFound", "NotFound");
        Row("Delete", "NotFound", "deleted", "ChangedMeanwhile", "NotFound", "NotFound");
        Row("EndWithOrganization", "NotFound", "deleted", "deleted", "NotFound", "NotFound");
        Row("FinishCascade", "NotFound", "stay", "stay", "cascade_finished", "stay");
        return data;
    }

    [Fact]
    public void Who_listens_is_told_of_every_transition_but_a_log_on_and_the_end_of_a_cascade() => Assert.Equal(
        ["cascade_finished", "logged_on"],
        Cells().Select(cell => Apply((string)cell[0], In((RecordCase)cell[1])).Event)
            .OfType<string>().Distinct().Where(happened => EventTypes.Of("member." + happened) is null).Order());

    [Theory]
    [MemberData(nameof(Cells))]
    public void Each_transition_does_what_the_table_says_and_nothing_else(
        string transition, RecordCase state, string expected)
    {
        var current = In(state);
        var result = Apply(transition, current);
        Assert.Equal(expected, result.Event ?? result.Refusal?.ToString() ?? "stay");
        if (result.Refusal is not null)
        {
            Assert.Null(result.State);
        }
        else if (result.Event is null)
        {
            Assert.Same(current, result.State);
        }
        else if (current is not null)
        {
            // A deletion leaves the time of the last change, so that a list by it goes on.
            var wanted = Wanted(transition, current);
            Assert.Equal(wanted with { UpdatedAt = wanted.DeletedAt is null ? Now : current.UpdatedAt, Version = current.Version + 1 }, result.State);
        }
    }

    [Theory]
    [InlineData(false, null, 72)]
    [InlineData(false, 24, 24)]
    [InlineData(false, 96, 72)]
    [InlineData(true, 96, 0)]
    public void A_new_member_is_at_version_one_with_a_password_that_lasts_as_long_as_it_may(
        bool expired, int? longest, int hours)
    {
        var spec = new MemberSpec
        {
            Id = Live.Id, OrganizationId = Live.OrganizationId, Name = "new", RoleBinding = ["viewer"], Ttl = GoDuration.Of("72h"), Password = Next,
            Lives = PasswordLives.Default with { Longest = longest is { } limit ? TimeSpan.FromHours(limit) : null },
            PasswordExpired = expired,
        };
        var (made, happened, refusal) = MemberMachine.Create(null, spec, Now);
        Assert.Equal(("created", null), (happened, refusal));
        Assert.Equal(
            new MemberState
            {
                Id = Live.Id, OrganizationId = Live.OrganizationId, Name = "new", FullName = "new", RoleBinding = spec.RoleBinding,
                Ttl = GoDuration.Of("72h"), TokenTtl = GoDuration.Of("1h"), ExpiresAt = Now.AddHours(hours),
                PinExpiresAt = Now, LastLogon = Now,
                CreatedAt = Now, UpdatedAt = Now, Password = Next, Version = 1,
            },
            made);
    }

    [Theory]
    [InlineData(null, 72)]
    [InlineData(24, 24)]
    [InlineData(96, 72)]
    public void A_changed_password_lasts_no_longer_than_member_and_organization_let_it(int? longest, int hours)
    {
        var limit = longest is { } most ? TimeSpan.FromHours(most) : (TimeSpan?)null;
        Assert.Equal(Now.AddHours(hours), MemberMachine.ChangePassword(Live, Next, limit, Now).State?.ExpiresAt);
    }

    [Fact]
    public void A_log_on_without_another_digest_leaves_the_password()
    {
        var result = MemberMachine.LogOn(Live, renewed: null, Now).State;
        Assert.Equal(Live with { LastLogon = Now, UpdatedAt = Now, Version = Decided + 1 }, result);
    }

    [Fact]
    public void A_second_finish_of_a_cascade_changes_nothing()
    {
        var once = MemberMachine.FinishCascade(In(RecordCase.Pending), Now).State;
        Assert.Equal(
            Transition<MemberState>.Stay(Assert.IsType<MemberState>(once)),
            MemberMachine.FinishCascade(once, Now.AddHours(1)));
    }

    private static MemberState? In(RecordCase state) => state switch
    {
        RecordCase.Absent => null,
        RecordCase.Live => Live,
        RecordCase.OtherVersion => Live with { Version = Decided + 1 },
        RecordCase.Pending => Live with { DeletedAt = Before, CascadePending = true },
        RecordCase.Deleted => Live with { DeletedAt = Before },
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    private static Transition<MemberState> Apply(string transition, MemberState? current) => transition switch
    {
        "Create" => MemberMachine.Create(current, Spec(), Now),
        "Replace" => MemberMachine.Replace(current, Edit, Decided, Now),
        "Replace with the same" => MemberMachine.Replace(
            current,
            new MemberEdit(
                Live.Name, Live.FullName, null, null, Live.Status, [.. Live.RoleBinding], Live.Ttl, Live.TokenTtl,
                PasswordLives.Default),
            Decided,
            Now),
        "LogOn" => MemberMachine.LogOn(current, Next.Digest, Now),
        "ChangePassword" => MemberMachine.ChangePassword(current, Next, longest: null, Now),
        "ResetPassword" => MemberMachine.ResetPassword(current, Next, Now),
        "SetStatus" => MemberMachine.SetStatus(current, MemberStatus.Disabled, Now),
        "SetStatus to the same" => MemberMachine.SetStatus(current, Live.Status, Now),
        "BindRoles" => MemberMachine.BindRoles(current, Edit.RoleBinding, Now),
        "Delete" => MemberMachine.Delete(current, Decided, Now),
        "EndWithOrganization" => MemberMachine.EndWithOrganization(current, Now),
        "FinishCascade" => MemberMachine.FinishCascade(current, Now),
        _ => throw new ArgumentOutOfRangeException(nameof(transition), transition, null),
    };

    /// <summary>What a transition that changes something changes, besides version and time.</summary>
    private static MemberState Wanted(string transition, MemberState current) => transition switch
    {
        "Replace" => current with
        {
            Name = "renamed",
            FullName = "Renamed",
            Nickname = "nick",
            Picture = "https://example.com/p",
            Status = MemberStatus.Locked,
            RoleBinding = Edit.RoleBinding,
            Ttl = GoDuration.Of("48h"),
            TokenTtl = GoDuration.Of("2h"),
        },
        "LogOn" => current with { LastLogon = Now, Password = current.Password with { Digest = Next.Digest } },
        "ChangePassword" =>
            current with { Password = Next, ExpiresAt = Now.AddHours(72), Status = MemberStatus.Enabled },
        "ResetPassword" =>
            current with { Password = Next, ExpiresAt = Now.AddHours(72), Status = MemberStatus.Enabled },
        "SetStatus" => current with { Status = MemberStatus.Disabled },
        "BindRoles" => current with { RoleBinding = Edit.RoleBinding },
        "Delete" => current with { DeletedAt = Now, CascadePending = true },
        "EndWithOrganization" => current with { DeletedAt = Now },
        "FinishCascade" => current with { CascadePending = false },
        _ => throw new ArgumentOutOfRangeException(nameof(transition), transition, null),
    };

    private static MemberSpec Spec() => new()
    {
        Id = Live.Id, OrganizationId = Live.OrganizationId, Name = "new", RoleBinding = [], Password = Next,
    };
}
