using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.CookieKeys;
using TokenActors.WebConsole.Keys;

namespace TokenActors.Gateway.Composition;

/// <summary>The keys of the console's cookies, from the grain that keeps them for all gateways.</summary>
internal sealed class ConsoleKeySource(IGrainFactory grains) : IKeySource
{
    public async Task<IReadOnlyList<KeyMaterial>> Read(CancellationToken cancellationToken)
    {
        var root = await grains.GetGrain<ICatalogGrain>("0").FindOrganization(
            null, OrganizationType.Root, cancellationToken)
            ?? throw new ServiceUnavailableException("there is no root organization yet");
        var keys = await grains.GetGrain<ICookieKeysGrain>(root.Id.ToString()).GetKeys(cancellationToken);
        return
        [
            .. keys.Select(
                key => new KeyMaterial(key.Id, key.CreatedAt, key.ActiveFrom, key.EndsAt, key.Material.Reveal())),
        ];
    }
}
