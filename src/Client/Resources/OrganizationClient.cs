using TokenActors.Client.Http;

namespace TokenActors.Client.Resources;

/// <summary><c>/v1/organization</c>: the organization of the bearer.</summary>
public sealed class OrganizationClient
{
    private const string Root = $"{ApiGroup.Management}/organization";

    private readonly ApiGroup _api;

    internal OrganizationClient(ApiGroup api) => _api = api;

    /// <summary>The organization.</summary>
    /// <param name="cancellation">ends the call</param>
    public Task<Organization> Get(CancellationToken cancellation = default) => Read(ApiCall.Get(Root), cancellation);

    /// <summary>Changes some of its fields.</summary>
    /// <param name="patch">what is to change</param>
    public Change<Organization, Preview> Patch(JsonPatch patch) => _api.Previewed(ApiCall.Patch(Root, patch), Read);

    /// <summary>The organizations below a root organization.</summary>
    /// <param name="query">filters, order and page; null: all</param>
    public Listing<Organization> Suborganizations(ListQuery? query = null) =>
        _api.ManagementList($"{ApiGroup.Management}/suborgs", query, ApiGroup.Json.ListEnvelopeOrganization);

    /// <summary>The permission sets that there are.</summary>
    /// <param name="cancellation">ends the call</param>
    public async Task<IReadOnlyList<PermissionSet>> PermissionSets(CancellationToken cancellation = default) =>
        (await _api.Connection.Read(
            ApiCall.Get($"{ApiGroup.Management}/permissionsets"), ApiGroup.Json.ListEnvelopePermissionSet, cancellation)
            .ConfigureAwait(false)).Result;

    private Task<Organization> Read(ApiCall call, CancellationToken cancellation) =>
        _api.Result(call, ApiGroup.Json.EnvelopeOrganization, cancellation);
}
