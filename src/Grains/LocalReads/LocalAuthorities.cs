using System.Collections.Concurrent;
using System.Collections.Immutable;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Organizations;

namespace TokenActors.Grains.LocalReads;

/// <summary>
/// The authorities of the organizations whose grains are active in this silo. A verification asks there without a
/// message where it can, for the same answer from the same memory. An organization that is not there is asked by a
/// call, which activates it.
/// </summary>
public sealed class LocalAuthorities
{
    private readonly ConcurrentDictionary<OrganizationId, Authority> _active = [];

    /// <summary>The organization's answer; null where a call has to ask.</summary>
    /// <exception cref="Abstractions.Calls.ServiceUnavailableException">the silo's lease has run out</exception>
    public OwnerStatus? Ask(OrganizationId organization, OwnerStatusQuery query) =>
        _active.TryGetValue(organization, out var authority) ? authority.Ask(query) : null;

    /// <summary>Who is sent events of an organization; null where a call has to ask.</summary>
    /// <exception cref="Abstractions.Calls.ServiceUnavailableException">the silo's lease has run out</exception>
    internal ImmutableArray<EventListener>? ListenersOf(OrganizationId organization) =>
        _active.TryGetValue(organization, out var authority) ? authority.AskListeners() : null;

    internal void Add(OrganizationId organization, Authority authority) => _active[organization] = authority;

    /// <summary>Removes only this activation's entry: a successor may have registered already.</summary>
    internal void Remove(OrganizationId organization, Authority authority) =>
        _active.TryRemove(new(organization, authority));
}
