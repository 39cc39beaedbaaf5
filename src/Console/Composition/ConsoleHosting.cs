using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TokenActors.WebConsole.Assets;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Keys;
using TokenActors.WebConsole.Permissions;
using TokenActors.WebConsole.Sessions;
using TokenActors.WebConsole.SignIn;

namespace TokenActors.WebConsole.Composition;

/// <summary>Adds the console to a host that serves the APIs which it uses.</summary>
public static class ConsoleHosting
{
    private const string KeyRingLog = "Microsoft.AspNetCore.DataProtection.KeyManagement.KeyRingProvider";
    private const string HasAuthentication = "__AuthenticationMiddlewareSet";

    /// <typeparam name="TKeys">has the keys that all gateways of the service share</typeparam>
    /// <param name="services">the host's</param>
    /// <param name="options">what the host says of its console</param>
    public static void AddConsole<TKeys>(this IServiceCollection services, ConsoleOptions options)
        where TKeys : class, IKeySource
    {
        services.AddSingleton(options);
        services.AddRazorComponents();
        services.AddSingleton<IKeySource, TKeys>();
        services.AddSingleton<SharedKeys>();
        services.AddSingleton<KeyRefresh>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyRefresh>());
        services.AddDataProtection().SetApplicationName($"TokenActors console of {options.ServiceId}");
        services.Configure<KeyManagementOptions>(keys => keys.AutoGenerateKeys = false);

        // It looks for keys before the service has started, and calls it an error that there are none.
        services.AddLogging(logging => logging.AddFilter(KeyRingLog, LogLevel.Critical));
        services.AddSingleton<IKeyManager>(provider => provider.GetRequiredService<SharedKeys>());
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.FormFieldName = ConsoleForm.TokenField;
            antiforgery.Cookie.Name = $"ta-form-{options.ServiceId}";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.Cookie.Path = ConsoleOptions.Path;
        });
        services.AddSingleton<ConsoleClients>();
        services.AddSingleton<RightsReader>();
        services.AddSingleton<KeptForms>();
        services.AddSingleton<Notices>();
        services.AddSingleton<FormReturn>();
        services.AddSingleton<SignInPage>();
        services.AddSingleton<ISignInPage>(provider => provider.GetRequiredService<SignInPage>());
        services.AddSingleton<SessionRenewal>();
        services.AddSingleton<Visits>();
        services.AddAuthentication().AddCookie(ConsoleSession.Scheme, cookie => Configure(cookie, options));
    }

    /// <summary>
    /// The host would put authentication before every request, also of APIs that bring their own bearers. Pages ask for
    /// theirs themselves.
    /// </summary>
    public static void UseConsole(this IApplicationBuilder app) => app.Properties[HasAuthentication] = true;

    public static void MapConsole(this IEndpointRouteBuilder routes)
    {
        var console = routes.MapGroup(ConsoleOptions.Path).ExcludeFromDescription();
        console.MapAssets();
        var pages = console.MapGroup("").AddEndpointFilter<PageFilter>();
        ConsolePages.Map(pages);
    }

    private static void Configure(CookieAuthenticationOptions cookie, ConsoleOptions options)
    {
        cookie.Cookie.Name = $"ta-console-{options.ServiceId}";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.Cookie.Path = "/";
        cookie.CookieManager = new ConsoleCookies();
        cookie.ExpireTimeSpan = options.IdleLife;
        cookie.SlidingExpiration = true;
        cookie.Events = new CookieAuthenticationEvents
        {
            OnValidatePrincipal = context =>
                context.HttpContext.RequestServices.GetRequiredService<SessionRenewal>().Validate(context),
            OnCheckSlidingExpiration = context =>
            {
                // The idle time begins anew with every page, and a cookie a minute is enough for that.
                context.ShouldRenew = !LivePart.Is(context.HttpContext.Request)
                    && context.ElapsedTime > TimeSpan.FromMinutes(1);
                return Task.CompletedTask;
            },
        };
    }
}
