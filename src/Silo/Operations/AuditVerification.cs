using System.Globalization;
using TokenActors.Hosting;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage.Audit;

namespace TokenActors.Silo.Operations;

/// <summary>Checks the chain over the audit trail.</summary>
internal static class AuditVerification
{
    /// <exception cref="InvalidOperationException">the chain is broken; the message names the first row</exception>
    public static async Task Run(ServiceOptions options)
    {
        await using var store = await OperatorStore.Open(options);
        var verdict = await new AuditChain(store, await EmbeddedSilo.Peppers(options, store)).Verify();
        foreach (var pepper in verdict.Unknown)
        {
            Console.WriteLine($"Links made under pepper '{pepper}' were not verified: the ring lacks it.");
        }

        if (verdict.Broken is { } broken)
        {
            throw new InvalidOperationException($"The audit trail is broken: {broken}.");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"The audit trail is whole: {verdict.Rows} rows in {verdict.Links} links. "
            + $"Rows of the last minute may not be linked yet."));
    }
}
