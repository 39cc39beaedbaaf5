using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.ResourceModel;

/// <summary>
/// Asks the grains of accounts and integrations for their content; null for one that is not in the organization.
/// </summary>
internal static class OwnerReads
{
    public static async Task<AccountContent?> Account(
        this IGrainFactory grains, OrganizationId organization, Guid id, CancellationToken cancellationToken)
    {
        var read = new ReadResource { OrganizationId = organization };
        var answer = await grains.GetGrain<IAccountGrain>(id.ToString()).Get(read, cancellationToken);
        return answer.Resource?.Content.Account;
    }

    public static async Task<IntegrationContent?> Integration(
        this IGrainFactory grains, OrganizationId organization, Guid id, CancellationToken cancellationToken)
    {
        var read = new ReadResource { OrganizationId = organization };
        var answer = await grains.GetGrain<IIntegrationGrain>(id.ToString()).Get(read, cancellationToken);
        return answer.Resource?.Content.Integration;
    }

    /// <summary>Whether an owner that is neither is there: one that is being deleted is not.</summary>
    public static async Task<bool> HasOwner(
        this IGrainFactory grains,
        OrganizationId organization,
        CredentialContent content,
        CancellationToken cancellationToken)
    {
        var owner = content.OwnerType == CredentialOwner.Webhook
            ? ResourceKinds.Webhook
            : ResourceKinds.IntegrationPoint;
        var read = new ReadResource { OrganizationId = organization };
        var answer = await owner.Grain(grains, content.OwnerId.ToString()).Get(read, cancellationToken);
        return answer.Resource is not null;
    }
}
