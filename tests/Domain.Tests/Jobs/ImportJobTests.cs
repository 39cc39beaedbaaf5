using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Jobs;

namespace TokenActors.Domain.Tests.Jobs;

/// <summary>The import of many keys, step by step.</summary>
public sealed class ImportJobTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static ImportJob Made(int total = 250) => ImportJobMachine.Make(
        new ImportJob
        {
            Id = Guid.NewGuid(),
            OrganizationId = new OrganizationId(Guid.NewGuid()),
            Starter = new JobStarter(new TokenId(Guid.NewGuid()), new MemberId(Guid.NewGuid()), [], Grant.Nothing),
            Request = [1],
            Status = ImportJobStatus.Running,
            Total = total,
            CreatedAt = Now,
            UpdatedAt = Now,
            Version = 7,
        },
        Now);

    private static ImportJob Running(int total = 250) =>
        ImportJobMachine.Start(ImportJobMachine.Receive(Made(total), 0, total, Now)!, Now)!;

    [Fact]
    public void Nothing_begins_before_all_lines_are_there()
    {
        var job = Made();
        Assert.Null(ImportJobMachine.Start(job, Now));
        Assert.Null(ImportJobMachine.Receive(job, 100, 100, Now));
        Assert.Null(ImportJobMachine.Receive(job, 0, 251, Now));
        var some = ImportJobMachine.Receive(job, 0, 200, Now)!;
        Assert.Same(some, ImportJobMachine.Receive(some, 0, 200, Now));
        Assert.Null(ImportJobMachine.Start(some, Now));
        var all = ImportJobMachine.Receive(some, 200, 50, Now)!;
        var running = ImportJobMachine.Start(all, Now)!;
        Assert.Equal((ImportJobStatus.Running, Now), (running.Status, running.StartedAt!.Value));
        Assert.Same(running, ImportJobMachine.Start(running, Now));
        Assert.Same(running, ImportJobMachine.Receive(running, 0, 200, Now));
        Assert.Null(ImportJobMachine.Receive(running, 250, 1, Now));
    }

    [Fact]
    public void Each_share_counts_once_and_the_last_ends_it()
    {
        var job = Running();
        var next = ImportJobMachine.Advance(job, 0, new(90, 10), Now);
        Assert.Same(next, ImportJobMachine.Advance(next, 0, new(100, 0), Now));
        next = ImportJobMachine.Advance(ImportJobMachine.Advance(next, 100, new(100, 0), Now), 200, new(50, 0), Now);
        Assert.Equal((ImportJobStatus.Done, 240, 10), (next.Status, next.Done, next.Refused));
        Assert.Same(next, ImportJobMachine.Stop(next, Now));
        Assert.False(next.IsOver(Now.AddDays(29)));
        Assert.True(next.IsOver(Now.AddDays(30)));
    }

    [Fact]
    public void One_that_was_stopped_goes_on_no_more_and_one_that_was_never_started_is_given_up()
    {
        var stopped = ImportJobMachine.Stop(Running(), Now);
        Assert.Equal(ImportJobStatus.Stopped, stopped.Status);
        Assert.Same(stopped, ImportJobMachine.Advance(stopped, 0, new(100, 0), Now));
        Assert.False(Made().IsOver(Now.AddMinutes(14)));
        Assert.True(Made().IsOver(Now.AddMinutes(15)));
        Assert.False(Running().IsOver(Now.AddDays(365)));
    }

    [Fact]
    public void Without_lines_it_is_done_at_once() => Assert.Equal(ImportJobStatus.Done, Running(total: 0).Status);
}
