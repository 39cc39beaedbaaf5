using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Jobs;

namespace TokenActors.Domain.Tests.Jobs;

/// <summary>The transitions of the revocation of many tokens, on a clock that is driven.</summary>
public sealed class RevocationJobMachineTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private static readonly JobStarter Starter = new(
        new TokenId(Guid.NewGuid()), new MemberId(Guid.NewGuid()), [], Grant.Nothing);

    private static DateTimeOffset At(double minutes) => Start.AddMinutes(minutes);

    private static RevocationJob Made(int total, bool isPlan) => RevocationJobMachine.Make(
        new RevocationJob
        {
            Id = Guid.NewGuid(), OrganizationId = new OrganizationId(Guid.NewGuid()), Starter = Starter, Status = RevocationJobStatus.Planned, Total = total,
            CreatedAt = default, UpdatedAt = default, Version = 0,
        },
        ["labels[eq]x"],
        isPlan,
        key: null,
        At(0));

    [Fact]
    public void A_plan_waits_for_a_quarter_of_an_hour_and_is_then_over()
    {
        var plan = Made(3, isPlan: true);
        Assert.Equal(
            (RevocationJobStatus.Planned, At(15), At(15), 1L),
            (plan.Status, plan.PlanEndsAt, plan.DueAt, plan.Version));
        Assert.False(plan.IsOver(At(14.9)));
        Assert.True(plan.IsOver(At(15)));
        Assert.Null(RevocationJobMachine.Start(plan, Starter, null, At(15)));
    }

    [Fact]
    public void It_is_started_once_with_the_rights_of_then()
    {
        var now = Starter with { Grant = Grant.Of(ActionSet.Of("tokens:delete"), Resources.All) };
        var running = RevocationJobMachine.Start(Made(3, isPlan: true), now, null, At(14))!;
        Assert.Equal((RevocationJobStatus.Running, At(14), 2L), (running.Status, running.StartedAt, running.Version));
        Assert.Equal(now, running.Starter);
        Assert.Null(running.PlanEndsAt);
        Assert.Equal(At(14) + DurableJob.Patience, running.DueAt);
        Assert.Same(running, RevocationJobMachine.Start(running, Starter, null, At(90)));
        Assert.False(running.IsOver(At(90_000)));
    }

    [Fact]
    public void What_was_asked_is_counted_once_and_the_last_ends_it()
    {
        var job = Made(5, isPlan: false);
        Assert.Equal((RevocationJobStatus.Running, 1L), (job.Status, job.Version));
        job = RevocationJobMachine.Advance(job, 0, new RevokedShare(2, 1, 0), At(1));
        Assert.Equal(
            (3, 2, 1, 0, RevocationJobStatus.Running), (job.Asked, job.Done, job.Gone, job.Refused, job.Status));
        Assert.Same(job, RevocationJobMachine.Advance(job, 0, new RevokedShare(2, 1, 0), At(1)));
        job = RevocationJobMachine.Advance(job, 3, new RevokedShare(1, 0, 1), At(2));
        Assert.Equal(
            (5, 3, 1, 1, RevocationJobStatus.Done, At(2)),
            (job.Asked, job.Done, job.Gone, job.Refused, job.Status, job.EndedAt));
        Assert.Equal(At(2) + TimeSpan.FromDays(30), job.DueAt);
        Assert.True(job.IsOver(At(2) + TimeSpan.FromDays(30)));
        Assert.Same(job, RevocationJobMachine.Advance(job, 5, new RevokedShare(1, 0, 0), At(3)));
        Assert.Same(job, RevocationJobMachine.Stop(job, At(3)));
    }

    [Fact]
    public void A_stopped_one_asks_nobody_any_more()
    {
        var stopped = RevocationJobMachine.Stop(
            RevocationJobMachine.Advance(Made(5, isPlan: false), 0, new RevokedShare(2, 0, 0), At(1)), At(2));
        Assert.Equal((RevocationJobStatus.Stopped, 2, At(2)), (stopped.Status, stopped.Done, stopped.EndedAt));
        Assert.Same(stopped, RevocationJobMachine.Advance(stopped, 2, new RevokedShare(1, 0, 0), At(3)));
        Assert.Equal(RevocationJobStatus.Stopped, RevocationJobMachine.Stop(Made(5, isPlan: true), At(2)).Status);
    }

    [Fact]
    public void One_without_tokens_is_done_when_it_is_begun()
    {
        Assert.Equal(
            (RevocationJobStatus.Done, At(0)), (Made(0, isPlan: false).Status, Made(0, isPlan: false).EndedAt));
        Assert.Equal(
            (RevocationJobStatus.Done, At(0), null),
            (Made(0, isPlan: true).Status, Made(0, isPlan: true).EndedAt, Made(0, isPlan: true).PlanEndsAt));
        Assert.Equal(
            RevocationJobStatus.Done, RevocationJobMachine.Start(Made(0, isPlan: true), Starter, null, At(1))!.Status);
    }
}
