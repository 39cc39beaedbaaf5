using System.Collections.Immutable;
using TokenActors.Grains.Abstractions.Organizations;

namespace TokenActors.Grains.LocalReads;

/// <summary>Who is sent an organization's events. Read from any thread.</summary>
internal sealed class KnownListeners
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, (EventListener? Listener, long Version)> _known = [];
    private volatile ListenersNow _now = new([]);

    public ImmutableArray<EventListener> Current => _now.Listeners;

    /// <summary>
    /// Notes an endpoint as of a version, null where it is sent nothing; an older one than what is known changes
    /// nothing.
    /// </summary>
    public void Note(Guid endpoint, EventListener? listener, long version)
    {
        using var scope = _lock.EnterScope();
        if (_known.TryGetValue(endpoint, out var known) && known.Version > version)
        {
            return;
        }

        _known[endpoint] = (listener, version);
        _now = new([.. _known.Values.Select(entry => entry.Listener).OfType<EventListener>()]);
    }

    /// <summary>An object, so that it can be replaced at once.</summary>
    private sealed record ListenersNow(ImmutableArray<EventListener> Listeners);
}
