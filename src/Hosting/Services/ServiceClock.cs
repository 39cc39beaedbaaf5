using Microsoft.Extensions.DependencyInjection;
using Orleans.Reminders;

namespace TokenActors.Hosting.Services;

/// <summary>
/// Registers the service's clock as the default <see cref="TimeProvider"/>, which tests drive. Orleans resolves the
/// clocks of its subsystems by key; these stay on the system's clock, so that a driven clock fires no timer of the
/// runtime.
/// </summary>
internal static class ServiceClock
{
    private static readonly string[] OfOrleans =
    [
        TimeProviderNames.Grains, TimeProviderNames.Messaging, TimeProviderNames.SystemTimers,
        TimeProviderNames.Membership,
        TimeProviderNames.ActivationManagement, TimeProviderNames.GrainDirectory, ReminderTimeProviderNames.Reminders,
    ];

    public static void AddServiceClock(this IServiceCollection services, TimeProvider time)
    {
        services.AddSingleton(time);
        foreach (var key in OfOrleans)
        {
            services.AddKeyedSingleton(key, TimeProvider.System);
        }
    }
}
