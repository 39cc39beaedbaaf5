using TokenActors.Gateway.Boomerang;
using TokenActors.Gateway.Cloudflare;
using TokenActors.Gateway.Facades;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.LaunchDarkly;

namespace TokenActors.Gateway.Composition;

/// <summary>Adds the facades' services, documents and routes to the host.</summary>
internal static class FacadeHosting
{
    public static void AddFacades(this WebApplicationBuilder builder)
    {
        builder.AddFacade<CloudflareApi>();
        builder.AddFacade<LaunchDarklyApi>();
        builder.AddFacade<BoomerangApi>();
        builder.Services.AddSingleton<AccessQuestion>();
        builder.Services.AddSingleton<BearerVerification>();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Add(CloudflareJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(LaunchDarklyJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(BoomerangJson.Default);
        });
    }

    public static void UseFacades(this WebApplication app)
    {
        var launchDarkly = app.Services.GetRequiredService<LaunchDarklyApi>();

        // LaunchDarkly's clients send PATCH, PUT and DELETE as POST with X-HTTP-Method-Override where a network allows
        // only POST.
        app.UseWhen(http => launchDarkly.Owns(http.Request.Path), branch => branch.UseHttpMethodOverride());
    }

    public static void MapFacades(this WebApplication app)
    {
        app.MapServiceTokens();
        app.MapAccessVerification();
        app.MapAccessTokens();
        app.MapLaunchDarklyRoles();
        app.MapFlowTokens();
    }

    private static void AddFacade<TFacade>(this WebApplicationBuilder builder)
        where TFacade : Facade, new()
    {
        var facade = new TFacade();
        builder.Services.AddSingleton(facade);
        builder.Services.AddSingleton<Api>(facade);
        builder.Services.AddDocument(facade.Name, facade.Title, facade.Security, facade.Name);
    }
}
