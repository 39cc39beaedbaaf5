using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage;

namespace TokenActors.Silo.Operations;

/// <summary>The store of commands that need no grains.</summary>
internal static class OperatorStore
{
    public static Task<RecordStore> Open(ServiceOptions options) => StoreFactory.OpenMigrated(
        options.Storage, options.Cluster.ServiceId, TimeProvider.System, NullLoggerFactory.Instance);
}
