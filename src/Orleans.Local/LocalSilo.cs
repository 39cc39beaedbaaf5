using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Orleans;

/// <summary>Settings of the single-process runtime; names and defaults follow Orleans'.</summary>
public sealed class LocalSiloOptions
{
    /// <summary>Where grain classes are looked for.</summary>
    public IList<Assembly> GrainAssemblies { get; } = [];

    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    public TimeSpan ReminderRefreshPeriod { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>Hosts grains in this process.</summary>
public static class LocalSiloExtensions
{
    public static IServiceCollection AddLocalSilo(this IServiceCollection services, Action<LocalSiloOptions> configure)
    {
        var options = new LocalSiloOptions();
        configure(options);
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LocalRuntime>();
        services.AddSingleton<LocalReminderService>();
        services.AddSingleton<IClusterClient>(provider => provider.GetRequiredService<LocalRuntime>());
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<LocalRuntime>());
        return services.AddHostedService<LocalSilo>();
    }

    private sealed class LocalSilo(LocalRuntime runtime, LocalReminderService reminders) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            runtime.Start();
            return reminders.Start();
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            reminders.Dispose();
            return runtime.Stop();
        }
    }
}
