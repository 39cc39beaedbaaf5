using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Accounts;

/// <summary>The integration points that an account's integrations were made at.</summary>
internal static class AccountPoints
{
    private const int MostIntegrations = 10_000;

    /// <summary>
    /// What is wrong with a change of the account's environment: an integration whose point offers its provider where
    /// the account is, and does not where it would be. Null where nothing is. What a point offers nowhere any more, or
    /// is gone, goes on as it is. An integration that is being made at the same time is not seen.
    /// </summary>
    public static async Task<string?> ProblemWith(
        Guid id, AccountContent before, AccountContent after, IRecordStore store)
    {
        var rows = await store.Owned(Kinds.Integration, id.ToString(), MostIntegrations);
        var integrations = rows.Select(ResourceState.FromRecord)
            .Where(state => state is { DeletedAt: null, Content.Integration.IntegrationPointId: not null });
        foreach (var group in integrations.GroupBy(state => state.Content.Integration?.IntegrationPointId))
        {
            if (await store.Read(new RecordKey(Kinds.IntegrationPoint, $"{group.Key}")) is not { } row
                || ResourceState.FromRecord(row) is not { DeletedAt: null, Content.IntegrationPoint: { } point } found)
            {
                continue;
            }

            var left = group.FirstOrDefault(state => state.Content.Integration is { } integration
                && point.Offers(integration.ProviderType, before.Environment)
                && !point.Offers(integration.ProviderType, after.Environment));
            if (left is not null)
            {
                return $"the integration '{left.Name}' is of the integration point '{found.Name}', which does not offer its provider in {after.Environment}";
            }
        }

        return null;
    }
}
