using Microsoft.Extensions.DependencyInjection;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Integrations;
using TokenActors.Domain.Jobs;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.Jobs;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Jobs;
using TokenActors.Grains.Tests.Provisioning;

namespace TokenActors.Grains.Tests.Jobs;

/// <summary>Scheduled operations on a silo: what runs them, what ends them, and what a fault leaves.</summary>
[Collection("silo")]
public sealed class JobTests(SiloFixture silo)
{
    /// <summary>An integration that schedules one operation.</summary>
    private sealed record Scheduled(Provisioner World, Guid Integration, Guid Operation, IntegrationContent Content);

    private const string Events = "siem_query_events";

    private static string Schedule(string value = "10m", bool enabled = true, string type = "periodic") =>
        $$"""[{"operation":"{{Events}}","enabled":{{(enabled ? "true" : "false")}},"frequency":{"type":"{{type}}","value":"{{value}}"} }]""";

    private IJobsGrain Jobs => silo.Grains.GetGrain<IJobsGrain>("0");

    private async Task<Scheduled> NewIntegration(string provider = "siem_mock_siem", string? schedule = null)
    {
        var world = await Provisioner.In(silo);
        var (id, token) = (Guid.NewGuid(), SecretMint.NewTokenId(silo.Clock));
        var content = new IntegrationContent
        {
            AccountId = world.AccountId, RefreshTokenId = token, Category = "siem", ProviderType = provider, ProviderConfig = "{}",
            ScheduledOperations = schedule ?? Schedule(),
        };
        var made = await silo.Grains.GetGrain<IIntegrationGrain>(id.ToString()).Provision(new ProvisionIntegration
        {
            Integration = new CreateResource { Context = SiloFixture.Command(), OrganizationId = world.Organization, Content = new() { Integration = content } },
            Token = new IssueToken
            {
                Context = SiloFixture.Command(), Profile = TokenProfile.Default.Name, OrganizationId = world.Organization, MemberId = world.Member,
                IntegrationId = id.ToString(), AccountId = world.AccountId, Actions = [], Resources = Resources.All,
                Independent = true,
                Secrets = SecretMint.Mint(TokenProfile.Default, token).ToMinted(),
            },
        });
        Assert.Null(made.Answer.Refusal);
        return new Scheduled(world, id, OperationSchedule.Of(id, Schedule())[0].Id, content);
    }

    private async Task<OperationView?> Operation(Scheduled job)
    {
        var page = await Jobs.ListOperations(new ListRequest { OrganizationId = job.World.Organization, Limit = 10 });
        return page.Operations is [var only] ? only : null;
    }

    private async Task<IReadOnlyList<ExecutionView>> History(Scheduled job) =>
        (await Jobs.ListExecutions(new ExecutionListRequest { OrganizationId = job.World.Organization, Limit = 100 })).Executions ?? [];

    /// <summary>Waits for as many executions, and for the end of the last; newest first.</summary>
    private async Task<IReadOnlyList<ExecutionView>> Ended(Scheduled job, int count)
    {
        await Eventually.Holds(
            async () => (await History(job)).Count >= count && (await Operation(job))?.Status != OperationStatus.Processing, $"{count} executions");
        return await History(job);
    }

    private Task Tick(Scheduled job) =>
        silo.Grains.GetGrain<IScheduledOperationGrain>(job.Operation.ToString()).AsReference<IRemindable>().ReceiveReminder("run", default);

    private async Task Replace(Scheduled job, string? schedule)
    {
        var answer = await silo.Grains.GetGrain<IIntegrationGrain>(job.Integration.ToString()).ReplaceWithCredentials(new ReplaceIntegration
        {
            Integration = new UpdateResource
            {
                Context = SiloFixture.Command(), Verb = "update", Name = job.Integration.ToString(), FullName = "x",
                Content = new() { Integration = job.Content with { ScheduledOperations = schedule } },
            },
        });
        Assert.Null(answer.Answer.Refusal);
    }

    [Fact]
    public async Task An_operation_runs_at_once_and_again_by_its_period_from_where_it_got_to()
    {
        var job = await NewIntegration();
        var first = Assert.Single(await Ended(job, 1));
        Assert.Equal(
            (job.Operation.ToString(), job.Integration.ToString(), Events),
            (first.OperationId, first.IntegrationId, first.Operation));
        Assert.Equal((OperationStatus.Complete, "SCHEDULED", 17L, null, "17", null), (first.Status, first.TriggerType, first.RecordsProcessed, first.InitialCursor, first.FinalCursor, first.Error));

        await Tick(job);
        Assert.Single(await Ended(job, 1));
        silo.Clock.Advance(TimeSpan.FromMinutes(35));
        await Tick(job);
        await Tick(job);
        var second = (await Ended(job, 2))[0];
        Assert.Equal(("17", "34"), (second.InitialCursor, second.FinalCursor));
        Assert.Equal(2, (await History(job)).Count);
        var operation = Assert.IsType<OperationView>(await Operation(job));
        Assert.Equal(
            (OperationStatus.Scheduled, null, 34L, 3400L),
            (operation.Status, operation.Error, operation.CpuTime, operation.InBytes));
        var told = silo.Services.GetRequiredService<EndedExecutions>().All.Where(
            e => e.OperationId == first.OperationId);
        Assert.Equal(new[] { first.ExecutionId, second.ExecutionId }.Order(), told.Select(e => e.ExecutionId).Order());
    }

    /// <summary>Goes on to the middle of an hour, so that no test stands near a full one.</summary>
    private void ToHalfPast(int hours)
    {
        var now = silo.Clock.GetUtcNow();
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 30, 0, TimeSpan.Zero);
        silo.Clock.Advance(hour.AddHours(hours) - now);
    }

    [Fact]
    public async Task By_cron_an_operation_runs_first_at_its_next_time_and_what_silos_missed_is_not_made_up_for()
    {
        ToHalfPast(1);
        var job = await NewIntegration(schedule: Schedule("@hourly", type: "cron"));
        await Tick(job);
        Assert.Empty(await History(job));
        Assert.Equal(OperationStatus.Scheduled, (await Operation(job))?.Status);

        ToHalfPast(1);
        await Tick(job);
        Assert.Single(await Ended(job, 1));
        await Tick(job);
        ToHalfPast(7);
        await Tick(job);
        await Ended(job, 2);
        await Tick(job);
        Assert.Equal(2, (await History(job)).Count);
        ToHalfPast(1);
        await Tick(job);
        Assert.Equal("34", (await Ended(job, 3))[0].InitialCursor);
    }

    [Fact]
    public async Task From_a_period_to_cron_and_back_an_operation_keeps_its_cursor_and_history()
    {
        ToHalfPast(1);
        var job = await NewIntegration(schedule: Schedule("10m"));
        await Ended(job, 1);
        await Replace(job, Schedule("0 * * * *", type: "cron"));
        silo.Clock.Advance(TimeSpan.FromMinutes(15));
        await Tick(job);
        Assert.Single(await Ended(job, 1));
        ToHalfPast(1);
        await Tick(job);
        Assert.Equal("17", (await Ended(job, 2))[0].InitialCursor);

        await Replace(job, Schedule("10m"));
        Assert.Equal(2, (await Ended(job, 2)).Count);
        silo.Clock.Advance(TimeSpan.FromMinutes(11));
        await Tick(job);
        var all = await Ended(job, 3);
        Assert.Equal("34", all[0].InitialCursor);
        Assert.All(all, execution => Assert.Equal(job.Operation.ToString(), execution.OperationId));
    }

    [Theory]
    [InlineData("siem_hanging", "The executor did not answer within 1 s.")]
    [InlineData("siem_throwing", "The executor failed: InvalidOperationException.")]
    [InlineData("siem_missing", "The executor did not answer within 1 s.")]
    [InlineData("siem_telling", "The provider said 429.")]
    [InlineData("siem_talking", "The executor answered what cannot be kept.")]
    public async Task An_executor_that_fails_costs_one_attempt_and_is_noted_with_its_error(
        string provider, string error)
    {
        var job = await NewIntegration(provider);
        var ended = Assert.Single(await Ended(job, 1));
        Assert.Equal((OperationStatus.Cancelled, null), (ended.Status, ended.FinalCursor));
        Assert.StartsWith(error, ended.Error);
        Assert.Equal(ended.Error, (await Operation(job))?.Error);
        silo.Clock.Advance(TimeSpan.FromMinutes(10));
        await Tick(job);
        Assert.Equal(2, (await Ended(job, 2)).Count);
    }

    [Fact]
    public async Task A_schedule_is_changed_disabled_and_ended_with_its_integration()
    {
        var job = await NewIntegration(schedule: Schedule(enabled: false));
        Assert.Equal(OperationStatus.Disabled, (await Operation(job))?.Status);
        silo.Clock.Advance(TimeSpan.FromHours(1));
        await Tick(job);
        Assert.Empty(await History(job));

        await Replace(job, Schedule("1h"));
        await Ended(job, 1);
        Assert.Equal(OperationStatus.Scheduled, (await Operation(job))?.Status);
        await Replace(job, "[]");
        Assert.Null(await Operation(job));
        await Replace(job, Schedule());
        await Ended(job, 2);
        Assert.Null((await silo.Grains.GetGrain<IIntegrationGrain>(job.Integration.ToString()).Delete(new DeleteResource { Context = SiloFixture.Command() })).Refusal);
        Assert.Null(await Operation(job));
        Assert.Equal(2, (await History(job)).Count);
    }

    [Fact]
    public async Task A_change_that_was_announced_and_never_made_leaves_nothing()
    {
        var world = await Provisioner.In(silo);
        var (integration, id) = (Guid.NewGuid(), Guid.NewGuid());
        var job = new Scheduled(world, integration, id, null!);
        await silo.Grains.GetGrain<IScheduledOperationGrain>(id.ToString()).Expect(new ExpectedOperation
        {
            OrganizationId = world.Organization, AccountId = world.AccountId, IntegrationId = integration, Operation = Events,
        });
        Assert.NotNull(await Operation(job));
        silo.Clock.Advance(TimeSpan.FromMinutes(1));
        await Tick(job);
        Assert.Null(await Operation(job));
    }

    [Fact]
    public async Task An_execution_whose_end_was_lost_is_given_up_and_the_next_one_runs()
    {
        var job = await NewIntegration(schedule: Schedule(enabled: false));
        try
        {
            silo.Store.Loses = commit => commit.Record.Key.Id == job.Operation.ToString() && commit.Record.State.Contains("\"cursor\"");
            await Replace(job, Schedule());
            await Eventually.Holds(async () => (await History(job)).Count == 1, "the execution is in the history");
            Assert.Equal(OperationStatus.Processing, (await Operation(job))?.Status);
        }
        finally
        {
            silo.Store.Loses = null;
        }

        silo.Clock.Advance(TimeSpan.FromMinutes(11));
        await Eventually.Holds(
            async () =>
            {
                await Tick(job);
                return (await History(job)).Count == 2;
            },
            "the next execution");
        var executions = await Ended(job, 2);
        Assert.All(executions, execution => Assert.Equal(OperationStatus.Complete, execution.Status));
        Assert.Equal("17", executions[0].InitialCursor);
    }

    [Fact]
    public async Task Nothing_runs_while_the_organization_is_disabled()
    {
        var job = await NewIntegration(schedule: Schedule(enabled: false));
        await silo.Organization(job.World.Organization).SetStatus(SiloFixture.Command(), OrganizationStatus.Disabled);
        await Replace(job, Schedule());
        await Tick(job);
        Assert.Equal(OperationStatus.Scheduled, (await Operation(job))?.Status);
        Assert.Empty(await History(job));
        await silo.Organization(job.World.Organization).SetStatus(SiloFixture.Command(), OrganizationStatus.Enabled);
        silo.Clock.Advance(TimeSpan.FromMinutes(10));
        await Tick(job);
        await Ended(job, 1);
    }
}
