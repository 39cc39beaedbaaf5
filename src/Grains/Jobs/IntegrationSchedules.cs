using TokenActors.Domain.Identity;
using TokenActors.Domain.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;

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

    private static IEnumerable<OperationSchedule> Of(Guid id, IntegrationContent? wanted, IntegrationContent? current) =>
        OperationSchedule.Of(id, wanted?.ScheduledOperations)
            .UnionBy(OperationSchedule.Of(id, current?.ScheduledOperations), schedule => schedule.Id);

    private static IScheduledOperationGrain Operation(this IGrainFactory grains, Guid id) =>
        grains.GetGrain<IScheduledOperationGrain>(id.ToString());
}
