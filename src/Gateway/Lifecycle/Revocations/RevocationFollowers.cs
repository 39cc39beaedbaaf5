using System.Threading.Channels;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Revocations;

namespace TokenActors.Gateway.Lifecycle.Revocations;

/// <summary>
/// Follows each organization once for all streams of this gateway, by calls that wait for what comes.
/// </summary>
internal sealed partial class RevocationFollowers(
    IGrainFactory grains, IHostApplicationLifetime lifetime, ILogger<RevocationFollowers> logger)
{
    private const int MostPagesBehind = 100;

    private static readonly TimeSpan TriedAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly ILogger _logger = logger;
    private readonly Lock _lock = new();
    private readonly Dictionary<OrganizationId, List<Channel<RevocationPage>>> _streams = [];

    /// <summary>Ends the streams where the gateway ends.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>
    /// The pages of an organization from now on, until <see cref="Leave"/>. A reader that is too slow for them is cut
    /// off.
    /// </summary>
    public Channel<RevocationPage> Join(OrganizationId organization)
    {
        var stream = Channel.CreateBounded<RevocationPage>(MostPagesBehind);
        using var scope = _lock.EnterScope();
        if (_streams.TryGetValue(organization, out var others))
        {
            others.Add(stream);
        }
        else
        {
            _streams[organization] = [stream];
            Task.Run(() => Follow(organization)).Ignore();
        }

        return stream;
    }

    public void Leave(OrganizationId organization, Channel<RevocationPage> stream)
    {
        using var scope = _lock.EnterScope();
        if (_streams.TryGetValue(organization, out var all))
        {
            all.Remove(stream);
        }
    }

    /// <summary>The page after a cursor that a client brought.</summary>
    public Task<RevocationPage> Read(OrganizationId organization, string? cursor, CancellationToken cancellation) =>
        Feed(organization).Follow(new FollowRevocations { Cursor = cursor }, cancellation);

    private async Task Follow(OrganizationId organization)
    {
        string? cursor = null;
        while (HasStreams(organization))
        {
            try
            {
                var page = await Read(organization, cursor, Stopping);
                cursor = page.Cursor;
                Publish(organization, page);
            }
            catch (Exception e) when (!Stopping.IsCancellationRequested)
            {
                // Streams get no heartbeat meanwhile, so that nobody trusts what it keeps.
                LogLater(organization.ToString(), e);
                await Task.Delay(TriedAgainAfter, TimeProvider.System);
            }
            catch (Exception) when (Stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Ends the following with the last stream, under the lock, so that one that joins begins it
    /// again.</summary>
    private bool HasStreams(OrganizationId organization)
    {
        using var scope = _lock.EnterScope();
        if (_streams[organization].Count > 0 && !Stopping.IsCancellationRequested)
        {
            return true;
        }

        _streams.Remove(organization);
        return false;
    }

    private void Publish(OrganizationId organization, RevocationPage page)
    {
        using var scope = _lock.EnterScope();
        foreach (var stream in _streams[organization].Where(stream => !stream.Writer.TryWrite(page)))
        {
            stream.Writer.TryComplete();
        }
    }

    private IRevocationFeedGrain Feed(OrganizationId organization) =>
        grains.GetGrain<IRevocationFeedGrain>(organization.ToString());

    [LoggerMessage(2451, LogLevel.Warning, "What was revoked in organization {Organization} cannot be followed now")]
    private partial void LogLater(string organization, Exception exception);
}
