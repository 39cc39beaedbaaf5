using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using TokenActors.Domain.Jobs;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Cluster;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.Jobs;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.Organizations;
using TokenActors.Grains.Revocations;
using TokenActors.Grains.Status;
using TokenActors.Grains.Tokens;
using TokenActors.Grains.Usage;
using TokenActors.Grains.Webhooks;
using TokenActors.Hosting.Clustering;
using TokenActors.Hosting.Configuration;
using TokenActors.Hosting.Jobs;
using TokenActors.Hosting.Reminders;
using TokenActors.Hosting.Webhooks;
using TokenActors.Storage;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;
using TokenActors.Storage.Usage;

namespace TokenActors.Hosting.Services;

/// <summary>Registers the services that grains use, in either kind of silo.</summary>
internal static class SiloServices
{
    public static void AddSiloServices(
        this IHostApplicationBuilder builder, ServiceOptions options, RecordStore store, PepperRing ring,
        SiloLease lease, TimeProvider time)
    {
        builder.Services.AddServiceClock(time);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TokenSettingsOf(options.Tokens, store.MayDivideRows));
        builder.Services.AddSingleton(new LogonSettings(options.RateLimits.LogonsPerName));
        builder.Services.AddSingleton<LocalAuthorities>();
        builder.Services.AddSingleton<LocalTokens>();
        builder.Services.AddSingleton<StoredTokenReads>();
        builder.Services.AddSingleton<ILocalTokenVerifier>(services => services.GetRequiredService<StoredTokenReads>());
        builder.Services.AddSingleton(ring);

        // By factories, so that the host disposes of them, in the reverse order of their creation: the lease before the
        // store.
        builder.Services.AddSingleton(services =>
        {
            store.Telling = services.GetRequiredService<EventTelling>();
            return store;
        });
        builder.Services.AddSingleton(services =>
        {
            services.GetRequiredService<RecordStore>();
            return lease;
        });
        builder.Services.AddSingleton<IRecordStore>(services => services.GetRequiredService<RecordStore>());
        builder.Services.AddSingleton(services => services.GetRequiredService<RecordStore>().Status);
        builder.Services.AddSingleton<StatusBook>();
        builder.Services.AddSingleton(services => services.GetRequiredService<RecordStore>().Uses);
        builder.Services.AddSingleton(new UsageSettings(options.Usage.Enabled));
        builder.Services.AddSingleton<UsageBook>();
        builder.Services.AddRetention();
        builder.Services.AddSingleton<ISiloPrograms, SiloPrograms>();
        builder.Services.AddSingleton(services => services.GetRequiredService<RecordStore>().Floor);
        builder.Services.AddSingleton<RestrictionGate>();
        builder.Services.AddSingleton(services => services.GetRequiredService<RecordStore>().ImportedKeys);
        builder.Services.AddSiloReports();
        builder.Services.AddSingleton<IReminderTable, RecordReminderTable>();
        builder.Services.AddSingleton<IOutgoingGrainCallFilter, TickGate>();
        builder.Services.AddSingleton(services => services.GetRequiredService<RecordStore>().Executions);
        builder.Services.AddSingleton(JobSettings.Default);
        builder.Services.AddSingleton<CronOccurrence>(CronTimes.After);
        builder.Services.AddSingleton(services => services.GetRequiredService<RecordStore>().Trail);
        builder.Services.AddSingleton(services => services.GetRequiredService<RecordStore>().Audit);
        builder.Services.AddSingleton(services => services.GetRequiredService<RecordStore>().History);
        builder.Services.AddSingleton<RevocationTrail>();
        builder.Services.AddHostedService<AuditLinking>();
        builder.Services.AddHostedService<RetentionSweep>();
        builder.Services.AddHostedService<TokenCensusExport>();
        builder.AddWebhooks(options.Webhooks, store);
    }

    private static void AddRetention(this IServiceCollection services)
    {
        services.AddSingleton(provider => new Retention(
            "executions", TimeSpan.FromDays(28), provider.GetRequiredService<IExecutionStore>().Sweep));
        services.AddSingleton(provider => new Retention(
            "token uses", UsageBook.Kept, provider.GetRequiredService<TokenUseStore>().Sweep));
    }

    private static void AddWebhooks(this IHostApplicationBuilder builder, WebhookSettings settings, RecordStore store)
    {
        builder.Services.AddSingleton<EventTelling>();
        builder.Services.AddSingleton<IExecutionListener, CompletionEvents>();
        builder.Services.AddSingleton(store.Outbox);
        builder.Services.AddSingleton(settings.ToDelivery());
        builder.Services.TryAddSingleton(new WebhookAddresses(settings));
        builder.Services.AddSingleton<IWebhookSender>(services => new WebhookSender(
            services.GetRequiredService<WebhookAddresses>(), GoDuration.Of(settings.Timeout).Value));
        builder.Services.AddHostedService<DeliverySweep>();
    }

    private static TokenSettings TokenSettingsOf(TokenOptions policy, bool dividesRows) => new(
        new TokenRules(GoDuration.Of(policy.RefreshGrace).Value, policy.ReuseDetection == ReuseDetection.Disable),
        policy.MostLiveTokens,
        policy.ChildLife == ChildLife.Parent,
        ServiceOptions.ReminderReadPeriod,
        dividesRows);
}
