using TokenActors.Domain.Identity;
using TokenActors.Domain.Integrations;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;

namespace TokenActors.Grains.Jobs;

/// <summary>What an integration tells the operations that it schedules, before and after a change.</summary>
internal static class IntegrationSchedules
{
    /// <summary>Announces a change to the operations that it has now and is to have.</summary>
    public static Task ExpectChange(
        this IGrainFactory grains, OrganizationId organization, Guid id, IntegrationContent? wanted, IntegrationContent? current) =>
        Task.WhenAll(Of(id, wanted, current).Select(schedule => grains.Operation(schedule.Id).Expect(new ExpectedOperation
        {
            OrganizationId = organization,
            AccountId = (wanted ?? current)?.AccountId ?? default,
            IntegrationId = id,
            Operation = schedule.Operation,
        })));

    /// <summary>Tells them that the change is made, or refused.</summary>
    public static Task SettleChange(
        this IGrainFactory grains, Guid id, IntegrationContent? wanted, IntegrationContent? current) =>
        Task.WhenAll(Of(id, wanted, current).Select(schedule => grains.Operation(schedule.Id).Settle()));

    /// <summary>Whether every silo could read a schedule, asked last before it is committed.</summary>
    /// <param name="gate">knows the silos</param>
    /// <param name="schedules">as integrations and integration points store them; null for none</param>
    /// <param name="context">of the command</param>
    public static async ValueTask<bool> Admits(this RestrictionGate gate, string? schedules, CallContext context) =>
        OperationSchedule.Of(Guid.Empty, schedules).All(schedule => schedule.Cron is null)
        || await gate.Admits(Restriction.Cron, context);

    private static IEnumerable<OperationSchedule> Of(Guid id, IntegrationContent? wanted, IntegrationContent? current) =>
        OperationSchedule.Of(id, wanted?.ScheduledOperations)
            .UnionBy(OperationSchedule.Of(id, current?.ScheduledOperations), schedule => schedule.Id);

    private static IScheduledOperationGrain Operation(this IGrainFactory grains, Guid id) =>
        grains.GetGrain<IScheduledOperationGrain>(id.ToString());
}
