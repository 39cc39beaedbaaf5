using TokenActors.Domain.Events;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Records;
using TokenActors.Domain.Tests.Records;

namespace TokenActors.Domain.Tests.Organizations;

/// <summary>Every cell of transition × state of an organization.</summary>
public sealed class OrganizationTableTests
{
    private const long Decided = 7;

    private static readonly DateTimeOffset Before = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Before.AddDays(3);
    private static readonly OrganizationOptions Options = new() { InviteDuration = "24h", MinimumPasswordLength = 12 };
    private static readonly OrganizationEdit Edit = new(
        "renamed", "Renamed", "contact", "reply", "https://example.com/p", Options);

    private static readonly OrganizationState Live = new()
    {
        Id = new OrganizationId(Guid.NewGuid()), Type = OrganizationType.Standard, Name = "name", FullName = "Name",
        RefreshTokenId = new TokenId(Guid.NewGuid()), ParentId = new OrganizationId(Guid.NewGuid()), CreatedAt = Before,
        UpdatedAt = Before,
        Version = Decided,
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

        Row("Create", "founded", "stay", "stay", "IdTaken", "IdTaken");
        Row("FinishFounding", "NotFound", "stay", "stay", "NotFound", "NotFound");
        Row("FinishFounding of one being founded", "NotFound", "founding_finished", "founding_finished", "NotFound", "NotFound");
        Row("Replace", "NotFound", "replaced", "replaced", "NotFound", "NotFound");
        Row("Replace at a version", "NotFound", "replaced", "ChangedMeanwhile", "NotFound", "NotFound");
        Row("Replace with the same", "NotFound", "stay", "ChangedMeanwhile", "NotFound", "NotFound");
        Row("SetStatus", "NotFound", "status_set", "status_set", "NotFound", "NotFound");
        Row("SetStatus to disabled", "NotFound", "disabled", "disabled", "NotFound", "NotFound");
        Row("SetStatus to the same", "NotFound", "stay", "stay", "NotFound", "NotFound");
        Row("Delete", "NotFound", "deleted", "deleted", "NotFound", "NotFound");
        Row("Delete of a root", "NotFound", "NotFound", "NotFound", "NotFound", "NotFound");
        Row("FinishCascade", "NotFound", "stay", "stay", "cascade_finished", "stay");
        return data;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Each_transition_does_what_the_table_says_and_nothing_else(
        string transition, RecordCase state, string expected)
    {
        var current = In(transition, state);
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
    [InlineData(OrganizationStatus.Enabled, OrganizationStatus.Disabled, "organization.disabled")]
    [InlineData(OrganizationStatus.Disabled, OrganizationStatus.Enabled, "organization.enabled")]
    [InlineData(OrganizationStatus.Disabled, OrganizationStatus.Plg, "organization.enabled")]
    [InlineData(OrganizationStatus.Enabled, OrganizationStatus.Plg, "organization.updated")]
    public void Who_listens_is_told_of_a_status(OrganizationStatus before, OrganizationStatus after, string type)
    {
        var set = OrganizationMachine.SetStatus(Live with { Status = before }, after, Now);
        Assert.Equal(type, EventTypes.Of("organization." + set.Event));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_new_organization_is_what_was_asked_for_at_version_one(bool founding)
    {
        var (made, happened, refusal) = OrganizationMachine.Create(null, Spec() with { Founding = founding }, Now);
        Assert.Equal(("founded", null), (happened, refusal));
        Assert.Equal(
            new OrganizationState
            {
                Id = Live.Id, Type = OrganizationType.Standard, Name = "new", FullName = "New", RefreshTokenId = Live.RefreshTokenId,
                ParentId = Live.ParentId, Contact = "c", ReplyTo = "r", Picture = "p", Founding = founding,
                CreatedAt = Now, UpdatedAt = Now, Version = 1,
            },
            made);
    }

    [Fact]
    public void Second_finishes_change_nothing()
    {
        var founded = OrganizationMachine.FinishFounding(Live with { Founding = true }, Now).State;
        Assert.Equal(
            Transition<OrganizationState>.Stay(Assert.IsType<OrganizationState>(founded)), OrganizationMachine.FinishFounding(founded, Now.AddHours(1)));
        var finished = OrganizationMachine.FinishCascade(In("FinishCascade", RecordCase.Pending), Now).State;
        Assert.Equal(
            Transition<OrganizationState>.Stay(Assert.IsType<OrganizationState>(finished)), OrganizationMachine.FinishCascade(finished, Now.AddHours(1)));
    }

    private static OrganizationState? In(string transition, RecordCase state)
    {
        var live = transition switch
        {
            "FinishFounding of one being founded" => Live with { Founding = true },
            "Delete of a root" => Live with { ParentId = null },
            _ => Live,
        };
        return state switch
        {
            RecordCase.Absent => null,
            RecordCase.Live => live,
            RecordCase.OtherVersion => live with { Version = Decided + 1 },
            RecordCase.Pending => live with { DeletedAt = Before, CascadePending = true },
            RecordCase.Deleted => live with { DeletedAt = Before },
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };
    }

    private static Transition<OrganizationState> Apply(string transition, OrganizationState? current) => transition switch
    {
        "Create" => OrganizationMachine.Create(current, Spec(), Now),
        "FinishFounding" or "FinishFounding of one being founded" => OrganizationMachine.FinishFounding(current, Now),
        "Replace" => OrganizationMachine.Replace(current, Edit, expected: null, Now),
        "Replace at a version" => OrganizationMachine.Replace(current, Edit, Decided, Now),
        "Replace with the same" => OrganizationMachine.Replace(
            current, new OrganizationEdit(Live.Name, Live.FullName, null, null, null, new OrganizationOptions()), Decided, Now),
        "SetStatus" => OrganizationMachine.SetStatus(current, OrganizationStatus.Pov, Now),
        "SetStatus to disabled" => OrganizationMachine.SetStatus(current, OrganizationStatus.Disabled, Now),
        "SetStatus to the same" => OrganizationMachine.SetStatus(current, Live.Status, Now),
        "Delete" or "Delete of a root" => OrganizationMachine.Delete(current, Now),
        "FinishCascade" => OrganizationMachine.FinishCascade(current, Now),
        _ => throw new ArgumentOutOfRangeException(nameof(transition), transition, null),
    };

    /// <summary>What a transition that changes something changes, besides version and time.</summary>
    private static OrganizationState Wanted(string transition, OrganizationState current) => transition switch
    {
        "FinishFounding of one being founded" => current with { Founding = false },
        "Replace" or "Replace at a version" => current with
        {
            Name = "renamed",
            FullName = "Renamed",
            Contact = "contact",
            ReplyTo = "reply",
            Picture = "https://example.com/p",
            Options = Options,
        },
        "SetStatus" => current with { Status = OrganizationStatus.Pov },
        "SetStatus to disabled" => current with { Status = OrganizationStatus.Disabled },
        "Delete" => current with { DeletedAt = Now, CascadePending = true },
        "FinishCascade" => current with { CascadePending = false },
        _ => throw new ArgumentOutOfRangeException(nameof(transition), transition, null),
    };

    private static OrganizationSpec Spec() => new()
    {
        Id = Live.Id, Type = OrganizationType.Standard, Name = "new", FullName = "New", RefreshTokenId = Live.RefreshTokenId,
        ParentId = Live.ParentId, Contact = "c", ReplyTo = "r", Picture = "p",
    };
}
