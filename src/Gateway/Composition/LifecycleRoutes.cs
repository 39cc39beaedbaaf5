using TokenActors.Gateway.Http;
using TokenActors.Gateway.Lifecycle;
using TokenActors.Gateway.Lifecycle.Audit;
using TokenActors.Gateway.Lifecycle.Cluster;
using TokenActors.Gateway.Lifecycle.Imports;
using TokenActors.Gateway.Lifecycle.Intents;
using TokenActors.Gateway.Lifecycle.Introspection;
using TokenActors.Gateway.Lifecycle.Jobs;
using TokenActors.Gateway.Lifecycle.Leaks;
using TokenActors.Gateway.Lifecycle.Overview;
using TokenActors.Gateway.Lifecycle.Policies;
using TokenActors.Gateway.Lifecycle.Revocations;
using TokenActors.Gateway.Lifecycle.Tokens;
using TokenActors.Gateway.Lifecycle.Webhooks;

namespace TokenActors.Gateway.Composition;

/// <summary>Adds the services, the document and the routes of the Lifecycle API to a host.</summary>
internal static class LifecycleRoutes
{
    public static void AddLifecycle(this IServiceCollection services)
    {
        services.AddSingleton<LifecycleApi>();
        services.AddSingleton<TokenCommandRunner>();
        services.AddSingleton<IntentRunner>();
        services.AddSingleton<Api>(provider => provider.GetRequiredService<LifecycleApi>());
        services.AddSingleton<RevocationFollowers>();
        services.AddSingleton<StreamLimit>();
        services.AddSingleton<ImportGate>();
        services.AddSingleton<GatewayAnnouncement>();
        services.AddHostedService(provider => provider.GetRequiredService<GatewayAnnouncement>());
        services.AddDocument(LifecycleApi.Document, LifecycleApi.Title, Documents.Bearer, LifecycleApi.Document);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Add(LifecycleJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(EndpointJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(PolicyJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(LifecycleAuditJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(IntrospectionJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(LeakJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(JobsJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(LifecycleTokenJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(ClusterJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(OverviewJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(ImportsJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(IntentWireJson.Default);
        });
    }

    public static void MapLifecycle(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup(LifecycleApi.Path).WithGroupName(LifecycleApi.Document)
            .DescribesRefusals();
        var lifecycle = all.MapGroup("").AddEndpointFilter<LifecycleFilter>();
        lifecycle.MapEndpoints();
        lifecycle.MapPolicy();
        lifecycle.MapAudit();
        lifecycle.MapHistory();
        lifecycle.MapIntrospection();
        lifecycle.MapRevocations();
        lifecycle.MapRevocationJobs();
        lifecycle.MapImportSchemes();
        lifecycle.MapImports();
        lifecycle.MapCluster();
        lifecycle.MapOverview();
        lifecycle.MapIntents();
        all.MapGroup("").AddEndpointFilter<SignedReportFilter>().AddEndpointFilter<LifecycleFilter>().MapLeaks();
        all.MapGroup("").AddEndpointFilter<RepeatedCallFilter>().AddEndpointFilter<LifecycleFilter>().MapTokens();
    }
}
