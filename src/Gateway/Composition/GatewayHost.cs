using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.HttpOverrides;
using TokenActors.Gateway.Health;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management;
using TokenActors.Gateway.Management.Accounts;
using TokenActors.Gateway.Management.Audit;
using TokenActors.Gateway.Management.Auth;
using TokenActors.Gateway.Management.Bridges;
using TokenActors.Gateway.Management.Capabilities;
using TokenActors.Gateway.Management.Credentials;
using TokenActors.Gateway.Management.IntegrationPoints;
using TokenActors.Gateway.Management.Integrations;
using TokenActors.Gateway.Management.Jobs;
using TokenActors.Gateway.Management.Mappings;
using TokenActors.Gateway.Management.Members;
using TokenActors.Gateway.Management.Organizations;
using TokenActors.Gateway.Management.Roles;
using TokenActors.Gateway.Management.Status;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Gateway.Management.Webhooks;
using TokenActors.Gateway.OAuth;
using TokenActors.Gateway.Previews;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Hosting;
using TokenActors.Hosting.Clustering;
using TokenActors.Hosting.Configuration;
using TokenActors.Hosting.Telemetry;
using TokenActors.Hosting.Webhooks;
using TokenActors.InProcess;

namespace TokenActors.Gateway.Composition;

/// <summary>Builds the REST host: with a silo in its own process, or as a client of a cluster.</summary>
internal static class GatewayHost
{
    private const int LargestBody = 1024 * 1024;
    private const string BrowserPolicy = "browser";

    private static readonly JsonSerializerContext[] JsonContexts =
    [
        ProblemJson.Default, TokenJson.Default, AuthJson.Default, OrganizationJson.Default, MemberJson.Default,
        AccountJson.Default, RoleJson.Default, IntegrationPointJson.Default, CredentialJson.Default,
        IntegrationJson.Default, BridgeJson.Default, StatusJson.Default, WebhookJson.Default, MappingJson.Default,
        JobJson.Default, AuditJson.Default, OAuthJson.Default, HealthJson.Default,
    ];

    /// <param name="args">settings as <c>--key value</c></param>
    /// <param name="time">the clock</param>
    /// <param name="configure">for tests: replaces services before the host is built</param>
    /// <exception cref="SettingsException">some setting cannot be used</exception>
    public static async Task<WebApplication> Build(
        string[] args, TimeProvider time, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddCommandLine(args);
        var options = SettingsReader.Read(builder.Configuration, new GatewayRules());
        var gateway = new GatewayOptions(options);
        builder.Services.AddSingleton(gateway);
        var urls = builder.Configuration["urls"] ?? Greeting.DefaultUrl;
        ListenAddresses.Demand(urls, builder.Configuration);
        builder.WebHost.UseUrls(urls);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(8));
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;

            // A number is none in quotes, which the documents would say otherwise.
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            foreach (var context in JsonContexts)
            {
                json.SerializerOptions.TypeInfoResolverChain.Add(context);
            }
        });
        builder.AddTelemetry("tokenactors-gateway");
        builder.Services.AddSingleton<OutageLog>();
        builder.Services.AddSingleton<RateLimits>();
        builder.Services.AddSingleton<PasswordHashing>();
        builder.Services.AddSingleton<PasswordChecks>();
        builder.Services.AddSingleton<EarlierSilos>();
        builder.Services.AddSingleton<TokenGrains>();
        builder.Services.AddSingleton<ImportedKeys>();
        builder.Services.AddSingleton<Authenticator>();
        builder.Services.AddSingleton<ManagementBearer>();
        builder.Services.AddSingleton<ClientAuthentication>();
        builder.Services.AddSingleton<Introspector>();
        builder.Services.AddSingleton<TokenLookup>();
        builder.Services.AddSingleton<RefusalAudit>();
        builder.Services.AddSingleton<IntegrationProvisioning>();
        builder.Services.AddSingleton(new WebhookAddresses(options.Webhooks));
        builder.Services.AddSingleton<TransformGate>();
        builder.Services.Configure<RouteOptions>(routes => routes.ConstraintMap["document"] = typeof(DocumentName));
        builder.Services.AddManagementDocuments();
        builder.Services.AddSingleton<KeptDocuments>();
        builder.Services.AddCors(cors => cors.AddPolicy(BrowserPolicy, policy => policy
            .WithOrigins([.. gateway.BrowserOrigins])
            .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
            // The vendor's client and tracing libraries send headers of their own. No cookie goes along.
            .AllowAnyHeader()
            .WithExposedHeaders("ETag", "Location", "Retry-After", "WWW-Authenticate")
            .SetPreflightMaxAge(TimeSpan.FromHours(2))));
        builder.AddFacades();
        builder.Services.AddLifecycle();
        builder.Services.AddPipeline();
        builder.AddConsole(gateway);
        builder.AddMcp(gateway);
        builder.Services.AddSingleton<ManagementApi>();
        builder.Services.AddSingleton<Api, OAuthApi>();
        builder.Services.AddSingleton<Api>(services => services.GetRequiredService<ManagementApi>());
        if (gateway.IsClient)
        {
            // Started beside the Orleans client, so that probes are answered while it connects, and other calls get
            // 503.
            builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
            builder.AddClusterClient(options.Cluster, time);
            builder.Services.AddSingleton(time);
        }
        else
        {
            await builder.AddEmbeddedSilo(options, time);
        }

        configure?.Invoke(builder.Services);

        var app = builder.Build();
        if (gateway.KnownProxies.Count > 0 || gateway.KnownNetworks.Count > 0)
        {
            // Without a configured proxy the headers are ignored, since any client could send them.
            app.UseForwardedHeaders(Forwarded(gateway));
        }

        app.UsePipeline();
        app.UseConsole(gateway);
        app.UseMiddleware<ErrorHandling>();
        app.Use(HeadAsGet);
        if (app.Services.GetService<ClusterConnection>() is { } connection)
        {
            app.Use((http, next) => connection.IsMade || HealthEndpoints.IsAnsweredAlways(http.Request.Path)
                || gateway.IsConsoleFile(http.Request.Path)
                ? next(http)
                : throw new ServiceUnavailableException("the cluster was not reached yet"));
        }

        app.UseFacades();
        app.UseRouting();
        if (gateway.BrowserOrigins.Count > 0 || gateway.McpOrigins.Count > 0)
        {
            app.UseCors();
        }

        app.UseMcp(gateway);

        app.UseMiddleware<DryRunParameter>();
        app.MapHealth();
        app.MapOAuth();
        app.MapMetadata();
        var v1 = app.MapGroup("/v1");
        if (gateway.BrowserOrigins.Count > 0)
        {
            v1.RequireCors(BrowserPolicy);
        }

        v1.MapTokens();
        v1.MapAuth();
        v1.MapOrganization();
        AuditEndpoints.Map(v1);
        SubOrganizationEndpoints.Map(v1);
        MemberEndpoints.Map(v1);
        v1.MapRoles();
        v1.MapPermissionSets();
        v1.MapCapabilities();
        v1.MapAccounts();
        v1.MapIntegrationPoints();
        v1.MapCredentials();
        v1.MapIntegrations();
        v1.MapWebhooks();
        v1.MapBridges();
        v1.MapStatus();
        v1.MapMappings();
        v1.MapJobs();
        KeptDocuments.Map(v1, "/meta/openapi/{documentName:document}");
        app.MapFacades();
        app.MapLifecycle();
        app.MapConsole(gateway);
        app.MapMcp(gateway);
        var data = gateway.IsClient ? null : options.DataDirectory;
        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine(Greeting.Of(app.Urls, data)));
        return app;
    }

    /// <summary>Whatever can be read answers HEAD (RFC 9110 9.3.2). The server sends no content, as the request began
    /// with it.</summary>
    private static Task HeadAsGet(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Request.Method = HttpMethods.Get;
        }

        return next(http);
    }

    private static ForwardedHeadersOptions Forwarded(GatewayOptions gateway)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,

            // The right-most that is no known proxy counts, however many of them there are in between.
            ForwardLimit = null,
        };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in gateway.KnownProxies)
        {
            options.KnownProxies.Add(proxy);
        }

        foreach (var network in gateway.KnownNetworks)
        {
            options.KnownIPNetworks.Add(network);
        }

        return options;
    }
}
