using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.Webhooks;
using TokenActors.Hosting.Recurring;
using TokenActors.Storage.Outbox;

namespace TokenActors.Hosting.Webhooks;

/// <summary>
/// Looks every few seconds for deliveries that are due and that nobody attends to, as after a crash or when an endpoint
/// that was left alone is to be tried again; and deletes what is older than two weeks.
/// </summary>
internal sealed partial class DeliverySweep(
    IOutbox outbox, IGrainFactory grains, DeliverySettings settings, IHostApplicationLifetime host, TimeProvider time,
    ILogger<DeliverySweep> logger) : RecurringService(host, settings.SweepEvery)
{
    private const int DeletedAtOnce = 1_000;

    /// <summary>What is due is usually attended to by whoever wrote it, within less.</summary>
    private static readonly TimeSpan Unattended = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(14);
    private static readonly TimeSpan DeleteEvery = TimeSpan.FromHours(1);

    private readonly ILogger _logger = logger;
    private DateTimeOffset _deletedAt;

    protected override async Task Run(CancellationToken stopping)
    {
        var now = time.GetUtcNow();
        var due = await outbox.DueEndpoints(now - Unattended);

        // All at once: one that cannot be woken does not keep the others asleep.
        await Task.WhenAll(due.Select(Wake)).WaitAsync(stopping);

        WebhookTelemetry.Counted(await outbox.Backlog(), time);
        if (now - _deletedAt < DeleteEvery)
        {
            return;
        }

        while (await outbox.Sweep(now - KeptFor, DeletedAtOnce) == DeletedAtOnce && !stopping.IsCancellationRequested)
        {
        }

        _deletedAt = now;
    }

    private async Task Wake(string endpoint)
    {
        try
        {
            await grains.GetGrain<IWebhookDeliveryGrain>(endpoint).Wake(fromStart: true);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or ServiceUnavailableException)
        {
            LogLater(e);
        }
    }

    [LoggerMessage(3511, LogLevel.Warning, "Deliveries could not be looked for; it is tried again every few seconds")]
    protected override partial void LogLater(Exception exception);
}
