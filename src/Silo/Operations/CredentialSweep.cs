using TokenActors.Grains.Abstractions.Credentials;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.Foundation;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage;
using TokenActors.Storage.Records;

namespace TokenActors.Silo.Operations;

/// <summary>
/// Moves credentials and the secrets of endpoints to the pepper in use: nobody need show them for that.
/// </summary>
internal static class CredentialSweep
{
    private static readonly string[] Swept = [Kinds.Credential, Kinds.Webhook, Kinds.EventEndpoint];

    /// <returns>how many have moved</returns>
    public static async Task<long> Run(
        ServiceOptions options, RecordStore store, string pepperId, CancellationToken stopping)
    {
        var rows = await Under(store, pepperId);
        if (rows.Count == 0)
        {
            return 0;
        }

        await using var session = await OperatorSession.Open(options, stopping);
        foreach (var row in rows)
        {
            await Rewrap(session.Grains, row.Key);
        }

        return rows.Count - (await Under(store, pepperId)).Count;
    }

    private static Task Rewrap(IGrainFactory grains, RecordKey row) => row.Kind switch
    {
        Kinds.Webhook => grains.GetGrain<IOrganizationWebhookGrain>(row.Id).Rewrap(),
        Kinds.EventEndpoint => grains.GetGrain<IEventEndpointGrain>(row.Id).Rewrap(),
        _ => grains.GetGrain<ICredentialGrain>(row.Id).Rewrap(),
    };

    private static async Task<List<StoredRecord>> Under(RecordStore store, string pepperId)
    {
        List<StoredRecord> found = [];
        foreach (var kind in Swept)
        {
            found.AddRange((await store.AllOfKind(kind)).Where(row => IsUnder(row, pepperId)));
        }

        return found;
    }

    private static bool IsUnder(StoredRecord row, string pepperId) =>
        row.Status == StoredRecord.Live
            && row.State.Contains($"\"pepper_id\":\"{pepperId}\"", StringComparison.Ordinal);
}
