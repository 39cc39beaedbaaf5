using Microsoft.Extensions.Logging;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Catalog;
using TokenActors.Silo.Configuration;
using TokenActors.Storage;

namespace TokenActors.Silo.Operations;

/// <summary>Schema and first organization.</summary>
internal static class Migration
{
    public static async Task Run(ServiceOptions options, string? bootstrapFolder, bool dryRun, CancellationToken stopping)
    {
        Directory.CreateDirectory(options.Storage.Provider == StorageOptions.Sqlite ? options.DataDirectory : ".");
        var applied = await StoreFactory.Migrate(options.Storage, TimeProvider.System, dryRun);
        Console.WriteLine(applied.Count == 0
            ? "The schema is up to date."
            : $"{(dryRun ? "Would apply" : "Applied")} migration {string.Join(", ", applied)}.");
        if (bootstrapFolder is null)
        {
            return;
        }

        if (options.Storage.Provider != StorageOptions.Sqlite && options.Peppers.Count == 0)
        {
            throw new InvalidOperationException("TokenActors:Secrets:Peppers is empty: the first secrets must be stored under a pepper that all silos have (pepper add).");
        }

        if (applied.Count == 0 || !dryRun)
        {
            if (await IsFounded(options))
            {
                Console.WriteLine("The service has its root organization already; nothing was written.");
                return;
            }
        }

        if (dryRun)
        {
            Console.WriteLine($"Would found the root organization and write {Path.Combine(bootstrapFolder, "bootstrap.json")}.");
            return;
        }

        Directory.CreateDirectory(bootstrapFolder);
        await using var session = await OperatorSession.Open(options, stopping, bootstrapFolder);
        Console.WriteLine(File.Exists(Path.Combine(bootstrapFolder, "bootstrap.json"))
            ? $"Founded the root organization; its first credentials are in {Path.Combine(bootstrapFolder, "bootstrap.json")}."
            : "The service has its root organization already; nothing was written.");
    }

    private static async Task<bool> IsFounded(ServiceOptions options)
    {
        using var loggers = LoggerFactory.Create(_ => { });
        await using var store = await StoreFactory.OpenMigrated(options.Storage, options.Cluster.ServiceId, TimeProvider.System, loggers);
        return await CatalogGrain.FindOrganization(store, null, OrganizationType.Root) is not null;
    }
}
