using System.Net.ServerSentEvents;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TokenActors.AspNetCore;

/// <summary>
/// Reads the stream of revocations for as long as the application runs, and opens it again where it was cut off.
/// </summary>
internal sealed partial class RevocationListener(
    string scheme, ServiceClient service, RevocationState revocations, IOptionsMonitor<TokenActorsOptions> monitor,
    TimeProvider time, ILogger<RevocationListener> logger)
    : BackgroundService
{
    private const int LongestPauseMilliseconds = 2_000;

    private readonly ILogger _logger = logger;
    private string? _lastEventId;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (monitor.Get(scheme).CacheFor == TimeSpan.Zero)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Listen(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // Handlers of the application throw what they like, and no outage of the service may end the
                // application.
                LogCutOff(e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            // Many servers that lost one gateway do not come back at the same moment.
            var pause = TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(50, LongestPauseMilliseconds));
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Listen(CancellationToken stopping)
    {
        // A stream without a heartbeat for as long as the bound is cut, whether or not the connection knows.
        var bound = monitor.Get(scheme).Bound;
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        silence.CancelAfter(bound);
        using var response = await service.OpenRevocations(_lastEventId, silence.Token).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
        await using var _ = body.ConfigureAwait(false);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(silence.Token).ConfigureAwait(false))
        {
            Take(item);
            silence.CancelAfter(bound);
        }
    }

    private void Take(SseItem<string> item)
    {
        switch (item.EventType)
        {
            case "revoked" when Member(item.Data, "token_id") is { } token:
                revocations.Revoke(token);
                break;
            case "heartbeat":
                revocations.Heartbeat(JsonSerializer.Deserialize<DateTimeOffset>($"\"{Member(item.Data, "up_to")}\""));
                _lastEventId = item.EventId ?? _lastEventId;
                break;
            default:
                // What it does not know may revoke anything.
                revocations.RevokeAll();
                break;
        }
    }

    private static string? Member(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    [LoggerMessage(2452, LogLevel.Warning, "The stream of revocations was cut off; until it is back, every request asks the service")]
    private partial void LogCutOff(Exception exception);
}
