using TokenActors.Domain.Grants;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.IntegrationPoints;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;

namespace TokenActors.Gateway.Management.Credentials;

/// <summary>
/// What the path of a credential names: the account, the integration or the integration point that it hangs on.
/// </summary>
internal sealed record OwnerOfCredentials(CredentialOwner Type, Guid Id);

internal static class CredentialOwners
{
    private static readonly (CredentialOwner Type, string Kind)[] Kinds =
    [
        (CredentialOwner.Account, "account"), (CredentialOwner.Integration, "integration"), (
            CredentialOwner.IntegrationPoint, "integration_point"),
        (CredentialOwner.Webhook, "webhook"),
    ];

    /// <summary>The owner in the path, where the bearer may do something to its credentials.</summary>
    public static async Task<Outcome<OwnerOfCredentials>> Find(
        ApiRequest request, IGrainFactory grains, string idOrName, string verb)
    {
        foreach (var (type, kind) in Kinds)
        {
            var found = type == CredentialOwner.Integration
                ? await grains.FindInReach(request.Bearer, kind, idOrName, $"credentials:{verb}")
                : await grains.FindResource(request.Bearer.OrganizationId, kind, idOrName);
            if (found is { } id
                && await TargetOf(request, grains, type, id) is { } target
                && request.Bearer.Caller.Grant.Covers($"credentials:{verb}", target))
            {
                return new OwnerOfCredentials(type, id);
            }
        }

        return Problems.NotFound("account", idOrName);
    }

    /// <summary>
    /// Where the owner lies; null where it is not there. It is read as the service's own, since the grant is asked of
    /// what lies there.
    /// </summary>
    private static async Task<ResourceTarget?> TargetOf(
        ApiRequest request, IGrainFactory grains, CredentialOwner type, Guid id)
    {
        var organization = request.Bearer.OrganizationId;
        var read = new ReadResource { OrganizationId = organization };
        switch (type)
        {
            case CredentialOwner.Account:
                return (await grains.GetGrain<IAccountGrain>(id.ToString()).Get(read)).Resource?.ToTarget();
            case CredentialOwner.Integration:
                return (await grains.GetGrain<IIntegrationGrain>(id.ToString()).Get(read))
                    .Resource is { Content.Integration: { } integration }
                    ? (await grains.GetGrain<IAccountGrain>(integration.AccountId.ToString()).Get(read))
                        .Resource?.ToTarget(integration.Category)
                    : null;
            case CredentialOwner.Webhook:
                return (await grains.GetGrain<IOrganizationWebhookGrain>(id.ToString()).Get(read)).Resource is not null
                    ? new ResourceTarget(organization.ToString())
                    : null;
            default:
                return (await grains.GetGrain<IIntegrationPointGrain>(id.ToString()).Get(read)).Resource is not null
                    ? new ResourceTarget(organization.ToString())
                    : null;
        }
    }
}
