using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Tests.ResourceModel;

/// <summary>Commands to resources of each kind from elsewhere, twice, under other keys, and after the end.</summary>
[Collection("silo")]
public sealed class ResourceEdgeTests(SiloFixture silo)
{
    public static TheoryData<string> Kinds => SampleResource.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_caller_of_another_organization_learns_and_changes_nothing(string kind)
    {
        var sample = await SampleResource.Made(silo, kind);
        var stranger = await silo.CallerOf(await silo.NewToken());
        var context = SiloFixture.Command(stranger);
        Assert.Equal(ResourceRefusal.NotFound, (await sample.Get(stranger)).Refusal);
        Assert.Equal(
            ResourceRefusal.NotFound, (await sample.Grain.Update(sample.Change() with { Context = context })).Refusal);
        Assert.Equal(
            ResourceRefusal.NotFound, (await sample.Grain.Delete(new DeleteResource { Context = context })).Refusal);

        // In its own organization the id is taken; in this one it makes nothing.
        var own = sample.Creation() with { Context = context, OrganizationId = stranger.OrganizationId };
        var taken = await sample.Grain.Create(own);
        Assert.Equal((ResourceRefusal.IdTaken, null), (taken.Refusal, taken.Resource));
        Assert.Equal(
            ResourceRefusal.NotFound,
            (await sample.Another().Grain.Create(sample.Creation("else") with { Context = context })).Refusal);
        Assert.Equal(1, (await sample.Get()).Resource?.Version);
        Assert.Equal(["created"], await sample.Trail());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_creation_under_a_key_is_answered_again_to_its_own_request_only(string kind)
    {
        var sample = await SampleResource.New(silo, kind);
        Assert.Null((await sample.Grain.Create(sample.Creation(call: SampleResource.Call(1)))).Refusal);
        var again = await sample.Grain.Create(sample.Creation(call: SampleResource.Call(1)));
        Assert.Equal((null, true, 1L), (again.Refusal, again.Repeated, again.Resource?.Version));
        Assert.Equal(
            ResourceRefusal.IdempotencyConflict,
            (await sample.Grain.Create(sample.Creation(call: SampleResource.Call(1, request: 2)))).Refusal);
        Assert.Equal(
            ResourceRefusal.IdTaken,
            (await sample.Grain.Create(sample.Creation(call: SampleResource.Call(2)))).Refusal);

        // The key of the creation is none for a change.
        Assert.Equal(
            ResourceRefusal.IdempotencyConflict,
            (await sample.Grain.Update(sample.Change(call: SampleResource.Call(1, request: 3)))).Refusal);
        Assert.Equal(["created"], await sample.Trail());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_change_under_a_key_is_answered_as_it_was_although_another_came_between(string kind)
    {
        var sample = await SampleResource.Made(silo, kind);
        Assert.Null((await sample.Grain.Update(sample.Change("one", call: SampleResource.Call(1)))).Refusal);
        var other = sample.Change("two", call: SampleResource.Call(2, request: 2));
        Assert.Null((await sample.Grain.Update(other)).Refusal);
        var again = await sample.Grain.Update(sample.Change("one", call: SampleResource.Call(1)));
        Assert.Equal(
            (null, true, "one", 2L),
            (again.Refusal, again.Repeated, again.Resource?.FullName, again.Resource?.Version));
        Assert.Equal("two", (await sample.Get()).Resource?.FullName);

        // The key of one change is none for another, nor for a deletion.
        Assert.Equal(
            ResourceRefusal.IdempotencyConflict,
            (await sample.Grain.Update(sample.Change("three", call: SampleResource.Call(2)))).Refusal);
        Assert.Equal(
            ResourceRefusal.IdempotencyConflict,
            (await sample.Grain.Delete(sample.Deletion(SampleResource.Call(1, request: 9)))).Refusal);
        Assert.Equal(3, (await sample.Get()).Resource?.Version);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_deleted_resource_takes_no_command_and_gives_its_name_but_not_its_id(string kind)
    {
        var sample = await SampleResource.Made(silo, kind);
        Assert.Equal(ResourceRefusal.NameTaken, (await sample.Another().Create("SAMPLE")).Refusal);
        Assert.Null((await sample.Grain.Delete(sample.Deletion(SampleResource.Call(5)))).Refusal);
        Assert.Null((await sample.Grain.Delete(sample.Deletion(SampleResource.Call(5)))).Refusal);
        Assert.Equal(
            ResourceRefusal.NotFound, (await sample.Grain.Delete(sample.Deletion(SampleResource.Call(6)))).Refusal);
        Assert.Equal(ResourceRefusal.NotFound, (await sample.Grain.Update(sample.Change())).Refusal);
        Assert.Equal(ResourceRefusal.IdTaken, (await sample.Create("other")).Refusal);
        Assert.Null((await sample.Another().Create("SAMPLE")).Refusal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_change_from_another_version_is_refused_and_one_that_changes_nothing_is_no_event(string kind)
    {
        var sample = await SampleResource.Made(silo, kind);
        Assert.Equal(
            ResourceRefusal.ChangedMeanwhile,
            (await sample.Grain.Update(sample.Change() with { ExpectedVersion = 2 })).Refusal);
        Assert.Equal(
            ResourceRefusal.ChangedMeanwhile,
            (await sample.Grain.Update(sample.Change() with { ExpectedVersion = 0 })).Refusal);
        Assert.Equal(2, (await sample.Grain.Update(sample.Change() with { ExpectedVersion = 1 })).Resource?.Version);
        Assert.Equal(2, (await sample.Grain.Update(sample.Change() with { ExpectedVersion = 2 })).Resource?.Version);
        Assert.Equal(["created", "updated"], await sample.Trail());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_reminder_that_comes_early_or_twice_does_nothing_and_a_late_one_purges(string kind)
    {
        var sample = await SampleResource.New(silo, kind);
        await sample.Remind();
        Assert.Null(await silo.Store.Read(sample.Key));

        Assert.Null((await sample.Create()).Refusal);
        await sample.Remind();
        Assert.Equal(1, (await sample.Get()).Resource?.Version);
        await Assert.ThrowsAnyAsync<Exception>(() => sample.Remind("expiry"));

        Assert.Null((await sample.Grain.Delete(sample.Deletion())).Refusal);
        await sample.Remind();
        var finished = await sample.Trail();
        await sample.Remind();
        Assert.Equal(finished, await sample.Trail());
        Assert.NotNull(await silo.Store.Read(sample.Key));

        silo.Clock.Advance(TimeSpan.FromDays(31));
        await sample.Remind();
        Assert.Null(await silo.Store.Read(sample.Key));
        await sample.Remind();
        Assert.Single(await sample.Trail(), happened => happened == "purged");
    }
}
