using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.ResourceModel;

/// <summary>Resources as targets of grants.</summary>
internal static class ResourceTargets
{
    /// <summary>
    /// A resource of the organization itself; <see cref="InAccount"/> is for what belongs to an account.
    /// </summary>
    public static ResourceTarget Of(ResourceState state) => new(
        state.OrganizationId.ToString(),
        Account: state.Content.Account is { } account ? Of(state.Id, account) : null,
        IntegrationCategory: state.Content.IntegrationPoint?.Connector);

    public static ResourceTarget InAccount(
        OrganizationId organization, Guid id, AccountContent account, string? category = null) =>
        new(organization.ToString(), Account: Of(id, account), IntegrationCategory: category);

    private static AccountTarget Of(Guid id, AccountContent account) =>
        new(id.ToString(), account.Labels, account.Environment);
}
