using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.ResourceModel;

namespace TokenActors.Grains.Tests.ResourceModel;

/// <summary>What becomes of a resource of each kind where the store fails, or a command is overtaken.</summary>
[Collection("silo")]
public sealed class ResourceFaultTests(SiloFixture silo)
{
    private static readonly string[] CreatedOnce = ["created"];
    private static readonly string[] ChangedOnce = ["created", "updated"];

    public static TheoryData<string> Kinds => SampleResource.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_creation_that_was_lost_made_nothing_and_is_carried_out_when_it_is_sent_again(string kind)
    {
        var sample = await SampleResource.New(silo, kind);
        var command = sample.Creation();
        silo.Store.Next(Fault.Lost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => sample.Grain.Create(command));
        Assert.Equal(ResourceRefusal.NotFound, (await sample.Get()).Refusal);
        Assert.Empty(await sample.Trail());

        var made = await sample.Grain.Create(command);
        Assert.Equal((null, 1L, false), (made.Refusal, made.Resource?.Version, made.Repeated));
        Assert.Equal(CreatedOnce, await sample.Trail());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_creation_whose_answer_was_lost_is_done_once(string kind)
    {
        var sample = await SampleResource.New(silo, kind);
        var command = sample.Creation();
        silo.Store.Next(Fault.AnswerLost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => sample.Grain.Create(command));
        var again = await sample.Grain.Create(command);
        Assert.Equal((null, 1L), (again.Refusal, again.Resource?.Version));
        Assert.Equal(CreatedOnce, await sample.Trail());

        // Another command under the same id is no repetition.
        Assert.Equal(ResourceRefusal.IdTaken, (await sample.Create()).Refusal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_change_that_was_lost_is_seen_by_nobody_and_one_whose_answer_was_lost_is_done_once(string kind)
    {
        var sample = await SampleResource.Made(silo, kind);
        var command = sample.Change();
        silo.Store.Next(Fault.Lost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => sample.Grain.Update(command));
        var before = (await sample.Get()).Resource;
        Assert.Equal(("sample", 1L), (before?.FullName, before?.Version));

        silo.Store.Next(Fault.AnswerLost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => sample.Grain.Update(command));
        var again = await sample.Grain.Update(command);
        Assert.Equal((null, "changed", 2L), (again.Refusal, again.Resource?.FullName, again.Resource?.Version));
        Assert.Equal(ChangedOnce, await sample.Trail());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_deletion_that_was_lost_leaves_the_resource_and_one_without_an_answer_is_done_once(string kind)
    {
        var sample = await SampleResource.Made(silo, kind);
        var command = sample.Deletion();
        silo.Store.Next(Fault.Lost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => sample.Grain.Delete(command));
        Assert.Equal(1, (await sample.Get()).Resource?.Version);

        silo.Store.Next(Fault.AnswerLost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => sample.Grain.Delete(command));
        Assert.Equal(ResourceRefusal.NotFound, (await sample.Get()).Refusal);
        Assert.Null((await sample.Grain.Delete(command)).Refusal);
        Assert.Equal(ResourceRefusal.NotFound, (await sample.Grain.Delete(sample.Deletion())).Refusal);
        await sample.Remind();
        Assert.Single(await sample.Trail(), happened => happened == "deleted");
    }

    /// <summary>Another activation deletes the resource between this one's decision and its write.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_change_that_a_deletion_overtook_changes_nothing(string kind)
    {
        var sample = await SampleResource.Made(silo, kind);
        Overtake(sample, state => state with { DeletedAt = silo.Clock.GetUtcNow() });
        silo.Store.Next(Fault.Overtaken);
        Assert.Equal(ResourceRefusal.NotFound, (await sample.Grain.Update(sample.Change())).Refusal);
        Assert.Equal(ResourceRefusal.NotFound, (await sample.Get()).Refusal);
        Assert.Equal(CreatedOnce, await sample.Trail());
    }

    /// <summary>Rights were asked about what it was, so that no decision is carried over to what it is now.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_command_that_a_change_overtook_is_refused_and_the_change_stays(string kind)
    {
        var sample = await SampleResource.Made(silo, kind);
        Overtake(sample, state => state with { FullName = "faster" });
        silo.Store.Next(Fault.Overtaken);
        Assert.Equal(ResourceRefusal.ChangedMeanwhile, (await sample.Grain.Update(sample.Change())).Refusal);
        var found = (await sample.Get()).Resource;
        Assert.Equal(("faster", 2L), (found?.FullName, found?.Version));

        Overtake(sample, state => state with { FullName = "faster still" });
        silo.Store.Next(Fault.Overtaken);
        Assert.Equal(ResourceRefusal.ChangedMeanwhile, (await sample.Grain.Delete(sample.Deletion())).Refusal);
        Assert.Equal("faster still", (await sample.Get()).Resource?.FullName);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_change_to_a_name_that_was_taken_meanwhile_is_refused_and_the_name_stays(string kind)
    {
        var sample = await SampleResource.Made(silo, kind);
        var other = sample.Another();
        silo.Store.Overtake = async _ => Assert.Null((await other.Create("Wanted")).Refusal);
        silo.Store.Next(Fault.Overtaken);
        Assert.Equal(ResourceRefusal.NameTaken, (await sample.Grain.Update(sample.Change(name: "wanted"))).Refusal);
        var found = (await sample.Get()).Resource;
        Assert.Equal(("sample", 1L), (found?.Name, found?.Version));
        Assert.Equal("Wanted", (await other.Get()).Resource?.Name);
    }

    /// <summary>The row is written past the grain, as another activation would.</summary>
    private void Overtake(SampleResource sample, Func<ResourceState, ResourceState> change) =>
        silo.Store.Overtake = async commit =>
        {
            var row = await silo.Store.Read(sample.Key);
            Assert.NotNull(row);
            var next = change(ResourceState.FromRecord(row)) with { Version = row.Version + 1 };
            await silo.Store.Commit(
                new(ResourceRow.Of(next, sample.Kind, Guid.NewGuid().ToString("N")), row.Version, []));
        };
}
