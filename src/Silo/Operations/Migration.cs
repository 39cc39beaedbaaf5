using TokenActors.Domain.Organizations;
using TokenActors.Grains.Catalog;
using TokenActors.Hosting.Bootstrapping;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage;
using TokenActors.Storage.Leases;

namespace TokenActors.Silo.Operations;

/// <summary>Migrates the database, and makes the first organization.</summary>
internal static class Migration
{
    private static readonly TimeSpan SaidEvery = TimeSpan.FromSeconds(5);

    private const string Founded = "The service has its root organization already; nothing was written.";

    public static async Task Run(
        ServiceOptions options, string? bootstrapFolder, bool dryRun, CancellationToken stopping)
    {
        if (options.Storage.Provider == DatabaseProvider.Sqlite && !dryRun)
        {
            DataFolder.Prepare(options);
        }

        var migrating = StoreFactory.Migrate(options.Storage, TimeProvider.System, dryRun);
        while (await Task.WhenAny(migrating, Task.Delay(SaidEvery, TimeProvider.System, stopping)) != migrating)
        {
            stopping.ThrowIfCancellationRequested();
            await Console.Error.WriteLineAsync("Waits for the database, or for another process that migrates it.");
        }

        var applied = await migrating;
        var done = dryRun ? "Would apply" : "Applied";
        Console.WriteLine(applied.Count == 0
            ? "The schema is up to date."
            : $"{done} migration {string.Join(", ", applied)}.");
        if (applied.Count == 0 || !dryRun)
        {
            await Adopt(options, dryRun);
        }

        if (bootstrapFolder is null)
        {
            return;
        }

        if (options.Storage.Provider != DatabaseProvider.Sqlite && options.Secrets.Peppers.Count == 0)
        {
            throw new InvalidOperationException(
                "TokenActors:Secrets:Peppers is empty: "
                + "the first secrets must be stored under a pepper that all silos have (pepper add).");
        }

        // A dry run that applied no migration cannot read from a schema that lacks one.
        if ((applied.Count == 0 || !dryRun) && await IsFounded(options))
        {
            Console.WriteLine(Founded);
            return;
        }

        if (dryRun)
        {
            Console.WriteLine(
                $"Would found the root organization and write its first credentials to {bootstrapFolder}.");
            return;
        }

        await using var session = await OperatorSession.Open(options, stopping);
        if (session.IsOfCluster)
        {
            // Without the service's lease two of these commands could found two root organizations.
            throw new InvalidOperationException(
                "Silos of the service run already, and it has no organization yet. "
                + "Stop them, run this again, then start them.");
        }

        var file = await new Bootstrap(session.Grains, TimeProvider.System).Run(bootstrapFolder);
        Console.WriteLine(file is null
            ? Founded
            : $"Founded the root organization; its first credentials are in {file}.");
    }

    /// <summary>A restored copy does not go on believing in the silos of the original.</summary>
    private static async Task Adopt(ServiceOptions options, bool dryRun)
    {
        if (options.Storage.Provider == DatabaseProvider.Sqlite)
        {
            return;
        }

        await using var store = await OperatorStore.Open(options);
        using var leases = store.Leases(options.Cluster.DeploymentId);
        if (await leases.Adopt(dryRun) == DatabaseOrigin.Copy)
        {
            var done = dryRun ? "would be" : "were";
            Console.WriteLine(
                "This database is a copy of another: the members and leases in it are of silos that serve the original. "
                + $"They {done} cleared.");
        }
    }

    private static async Task<bool> IsFounded(ServiceOptions options)
    {
        await using var store = await OperatorStore.Open(options);
        return await CatalogGrain.FindOrganization(store, null, OrganizationType.Root) is not null;
    }
}
