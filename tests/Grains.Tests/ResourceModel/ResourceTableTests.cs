using TokenActors.Domain.Identity;
using TokenActors.Domain.Records;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Tests.ResourceModel;

/// <summary>Every cell of transition × state of a resource.</summary>
public sealed class ResourceTableTests
{
    private const long Decided = 7;

    private static readonly DateTimeOffset Before = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Before.AddDays(3);
    private static readonly SealedText Rewrapped = new("p2", [1], [2]);

    private static readonly ResourceState Live = new()
    {
        Id = Guid.NewGuid(), OrganizationId = new OrganizationId(Guid.NewGuid()), Name = "name", FullName = "Name", Content = ContentOf("one", "two"),
        CreatedAt = Before, UpdatedAt = Before, CreatedBy = new CreatingCall([1], [2]), Version = Decided,
    };

    public static TheoryData<string, string, string> Cells()
    {
        var data = new TheoryData<string, string, string>();
        void Row(string transition, string absent, string live, string otherVersion, string pending, string deleted)
        {
            data.Add(transition, nameof(absent), absent);
            data.Add(transition, nameof(live), live);
            data.Add(transition, nameof(otherVersion), otherVersion);
            data.Add(transition, nameof(pending), pending);
            data.Add(transition, nameof(deleted), deleted);
        }

        Row("Create", "created", "IdTaken", "IdTaken", "NotFound", "NotFound");
        Row("Update", "NotFound", "updated", "ChangedMeanwhile", "NotFound", "NotFound");
        Row("Update with the same", "NotFound", "stay", "ChangedMeanwhile", "NotFound", "NotFound");
        Row("Delete", "NotFound", "deleted", "ChangedMeanwhile", "NotFound", "NotFound");
        Row("Delete without children", "NotFound", "deleted", "ChangedMeanwhile", "NotFound", "NotFound");
        Row("Rewrap", "NotFound", "rewrapped", "rewrapped", "NotFound", "NotFound");
        Row("Rewrap to the same", "NotFound", "stay", "stay", "NotFound", "NotFound");
        Row("FinishCascade", "NotFound", "stay", "stay", "cascade_finished", "stay");
        return data;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Each_transition_does_what_the_table_says_and_nothing_else(
        string transition, string state, string expected)
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
        else
        {
            var wanted = Wanted(transition, current);
            Assert.Equal(wanted.ToJson(), result.State?.ToJson());
            Assert.Equal(wanted.Version, result.State?.Version);
        }
    }

    [Fact]
    public void A_second_finish_of_a_cascade_changes_nothing()
    {
        var once = ResourceMachine.FinishCascade(In("pending"), Now).State;
        Assert.Equal(
            Transition<ResourceState>.Stay(Assert.IsType<ResourceState>(once)),
            ResourceMachine.FinishCascade(once, Now.AddHours(1)));
    }

    /// <summary>
    /// Lists compare by reference, so that a machine that compared records would see a change where nothing was
    /// changed.
    /// </summary>
    private static ResourceContent ContentOf(params string[] labels) =>
        new() { Account = new AccountContent { Environment = "test", Labels = [.. labels] } };

    private static ResourceState? In(string state) => state switch
    {
        "absent" => null,
        "live" => Live,
        "otherVersion" => Live with { Version = Decided + 1 },
        "pending" => Live with { DeletedAt = Before, CascadePending = true },
        "deleted" => Live with { DeletedAt = Before },
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    private static Transition<ResourceState> Apply(string transition, ResourceState? current) => transition switch
    {
        "Create" => ResourceMachine.Create(current, Live with { Name = "new", Version = 0 }, Now),
        "Update" => ResourceMachine.Update(
            current, (current ?? Live) with { Name = "renamed", Content = ContentOf("three") }, Live, by: null, Now),
        "Update with the same" => ResourceMachine.Update(
            current, (current ?? Live) with { Content = ContentOf("one", "two") }, Live, by: null, Now),
        "Delete" => ResourceMachine.Delete(current, Live, cascades: true, by: null, Now),
        "Delete without children" => ResourceMachine.Delete(current, Live, cascades: false, by: null, Now),
        "Rewrap" => ResourceMachine.Rewrap(current, state => state with { Sealed = Rewrapped }, Now),
        "Rewrap to the same" => ResourceMachine.Rewrap(current, state => state, Now),
        "FinishCascade" => ResourceMachine.FinishCascade(current, Now),
        _ => throw new ArgumentOutOfRangeException(nameof(transition), transition, null),
    };

    /// <summary>What becomes of a resource by a transition that changes it.</summary>
    private static ResourceState Wanted(string transition, ResourceState? current)
    {
        if (current is null)
        {
            return Live with { Name = "new", CreatedAt = Now, UpdatedAt = Now, Version = 1 };
        }

        var next = transition switch
        {
            "Update" => current with { Name = "renamed", Content = ContentOf("three") },
            "Delete" => current with { DeletedAt = Now, CascadePending = true, CreatedBy = null },
            "Delete without children" => current with { DeletedAt = Now, CreatedBy = null },
            "Rewrap" => current with { Sealed = Rewrapped },
            "FinishCascade" => current with { CascadePending = false },
            _ => throw new ArgumentOutOfRangeException(nameof(transition), transition, null),
        };
        return next with { UpdatedAt = next.DeletedAt is null ? Now : current.UpdatedAt, Version = current.Version + 1 };
    }
}
