using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenActors.Grains.Records;
using TokenActors.Silo.Bootstrapping;
using TokenActors.Silo.Configuration;
using TokenActors.Silo.Reminders;
using TokenActors.Silo.Runtime;
using TokenActors.Storage;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Silo;

/// <summary>A silo inside the gateway's process, with its store, pepper and first organization.</summary>
public static class EmbeddedSilo
{
    /// <summary>Which Orleans this build runs on.</summary>
    public static string RuntimeName => GrainRuntime.Name;

    /// <summary>Opens the store, checks the pepper, and adds silo and bootstrap to the host. Whatever is wrong is thrown here.</summary>
    public static async Task AddEmbeddedSilo(this IHostApplicationBuilder builder, ServiceOptions options, TimeProvider time)
    {
        Directory.CreateDirectory(options.DataDirectory);
        using var loggers = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole());
        var store = await StoreFactory.Open(options.Storage, options.ServiceId, time, loggers);
        var ring = await Peppers(options, store);

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new Clock(time));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(options.Tokens);
        builder.Services.AddSingleton(ring);

        // By a factory, so that the host disposes of it, after all that uses it.
        builder.Services.AddSingleton(_ => store);
        builder.Services.AddSingleton<IRecordStore>(services => services.GetRequiredService<RecordStore>());
        builder.Services.AddSingleton<IReminderTable, RecordReminderTable>();
        builder.AddGrains(options);
        builder.Services.AddHostedService<Bootstrap>();
    }

    private static async Task<PepperRing> Peppers(ServiceOptions options, RecordStore store)
    {
        var ring = new PepperRing(options.Peppers.Count > 0
            ? [.. options.Peppers]
            : [PepperFile.ReadOrCreate(options.DataDirectory, mayCreate: !await store.HoldsPeppers())]);
        await ring.Check(store);
        return ring;
    }
}
