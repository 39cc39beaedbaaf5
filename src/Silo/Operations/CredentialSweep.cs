using TokenActors.Grains.Abstractions.Credentials;
using TokenActors.Grains.Foundation;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage;
using TokenActors.Storage.Records;

namespace TokenActors.Silo.Operations;

/// <summary>Moves credentials to the pepper in use: nobody need show them for that.</summary>
internal static class CredentialSweep
{
    /// <returns>how many have moved</returns>
    public static async Task<long> Run(
        ServiceOptions options, RecordStore store, string pepperId, CancellationToken stopping)
    {
        var credentials = (await store.AllOfKind(Kinds.Credential)).Where(row => IsUnder(row, pepperId)).ToList();
        if (credentials.Count == 0)
        {
            return 0;
        }

        await using var session = await OperatorSession.Open(options, stopping);
        foreach (var credential in credentials)
        {
            await session.Grains.GetGrain<ICredentialGrain>(credential.Key.Id).Rewrap();
        }

        return credentials.Count - (await store.AllOfKind(Kinds.Credential)).Count(row => IsUnder(row, pepperId));
    }

    private static bool IsUnder(StoredRecord row, string pepperId) =>
        row.Status == StoredRecord.Live && row.State.Contains($"\"pepper_id\":\"{pepperId}\"", StringComparison.Ordinal);
}
