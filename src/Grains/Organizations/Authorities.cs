using System.Collections.Concurrent;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Organizations;

namespace TokenActors.Grains.Organizations;

/// <summary>
/// The organizations whose grains are active in this silo. A verification asks there without a message where it can, for the same answer
/// from the same memory. Whoever is not there is asked by a call, which activates it.
/// </summary>
public sealed class Authorities
{
    private readonly ConcurrentDictionary<OrganizationId, OrganizationGrain> _active = [];

    /// <summary>The organization's answer; null where a call has to ask.</summary>
    /// <exception cref="Records.ServiceUnavailableException">the silo's lease has run out</exception>
    public Standing? Ask(OrganizationId organization, StandingQuery query) =>
        _active.TryGetValue(organization, out var grain) ? grain.StandingOf(query) : null;

    internal void Add(OrganizationId organization, OrganizationGrain grain) => _active[organization] = grain;

    /// <summary>Only this very activation: its successor may be there already.</summary>
    internal void Remove(OrganizationId organization, OrganizationGrain grain) => _active.TryRemove(new(organization, grain));
}
