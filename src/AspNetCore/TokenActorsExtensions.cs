using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace TokenActors.AspNetCore;

/// <summary>Adds TokenActors to the authentication of an application.</summary>
public static class TokenActorsExtensions
{
    /// <summary>Authenticates bearers by introspection at TokenActors, under the default scheme.</summary>
    /// <param name="builder">of <c>AddAuthentication</c></param>
    /// <param name="configure">says where the service is and what to show it</param>
    public static AuthenticationBuilder AddTokenActors(this AuthenticationBuilder builder, Action<TokenActorsOptions> configure) =>
        builder.AddTokenActors(TokenActorsDefaults.AuthenticationScheme, configure);

    /// <summary>Authenticates bearers by introspection at TokenActors, under a scheme.</summary>
    /// <param name="builder">of <c>AddAuthentication</c></param>
    /// <param name="scheme">the name of the scheme</param>
    /// <param name="configure">says where the service is and what to show it</param>
    public static AuthenticationBuilder AddTokenActors(
        this AuthenticationBuilder builder, string scheme, Action<TokenActorsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddHybridCache();
        services.AddHttpClient(ServiceClient.NameOf(scheme));
        services.TryAddSingleton(TimeProvider.System);
        services.AddKeyedSingleton(scheme, (provider, _) => new RevocationState(
            provider.GetRequiredService<IOptionsMonitor<TokenActorsOptions>>().Get(scheme).Bound,
            provider.GetRequiredService<TimeProvider>()));
        services.AddKeyedSingleton(
            scheme, (provider, _) => ActivatorUtilities.CreateInstance<ServiceClient>(provider, scheme));
        services.AddKeyedSingleton(scheme, (provider, _) => ActivatorUtilities.CreateInstance<CachedIntrospection>(
            provider, scheme, provider.GetRequiredKeyedService<ServiceClient>(scheme),
            provider.GetRequiredKeyedService<RevocationState>(scheme)));
        services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<RevocationListener>(
            provider, scheme, provider.GetRequiredKeyedService<ServiceClient>(scheme),
            provider.GetRequiredKeyedService<RevocationState>(scheme)));

        services.TryAddSingleton<IOptionsFactory<TokenActorsOptions>, LastGoodOptions>();

        // The options are made anew where the configuration changes, as their secret does when it is replaced.
        services.AddSingleton<IOptionsChangeTokenSource<TokenActorsOptions>>(provider =>
            new ConfigurationChangeTokenSource<TokenActorsOptions>(
                scheme, provider.GetService<IConfiguration>() ?? new ConfigurationBuilder().Build()));
        return builder.AddScheme<TokenActorsOptions, TokenActorsHandler>(scheme, configure);
    }
}
