using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Hosting.Bootstrapping;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage;

namespace TokenActors.Silo.Operations;

/// <summary>The store of commands that need no grains.</summary>
internal static class OperatorStore
{
    /// <exception cref="InvalidOperationException">there is no database file: none is made</exception>
    public static Task<RecordStore> Open(ServiceOptions options)
    {
        DataFolder.Demand(options);
        return options.Storage.Provider == DatabaseProvider.Sqlite && !File.Exists(StoreFactory.FileOf(options.Storage))
            ? throw new InvalidOperationException($"There is no database at {StoreFactory.FileOf(options.Storage)}.")
            : StoreFactory.OpenMigrated(
                options.Storage, options.Cluster.ServiceId, TimeProvider.System, NullLoggerFactory.Instance);
    }
}
