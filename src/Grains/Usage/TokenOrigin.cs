using TokenActors.Domain.Identity;
using TokenActors.Storage.Usage;

namespace TokenActors.Grains.Usage;

/// <summary>A network that a token is used from, with the times since it was noted. Any thread notes.</summary>
internal sealed class TokenOrigin(AddressPrefix network, string? client, DateTimeOffset firstAt)
{
    private long _lastTicks = firstAt.UtcTicks;
    private volatile string? _client = client;

    public AddressPrefix Network => network;

    public long LastTicks => Volatile.Read(ref _lastTicks);

    public string? Client => _client;

    public void Touch(string? seen, DateTimeOffset now)
    {
        Volatile.Write(ref _lastTicks, now.UtcTicks);
        if (!string.Equals(_client, seen, StringComparison.Ordinal))
        {
            _client = seen;
        }
    }

    public TokenAddress ToRow() =>
        new(network.ToString(), _client, firstAt, new DateTimeOffset(LastTicks, TimeSpan.Zero));
}
