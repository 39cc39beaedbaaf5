using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Outbox;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Webhooks;

/// <summary>
/// One endpoint that was made on <c>/v1</c>. The secret that its maker gave is a credential that hangs on it and goes
/// with it.
/// </summary>
[GrainType(Kinds.Webhook)]
public sealed class OrganizationWebhookGrain(
    IRecordStore store, IOutbox outbox, SiloLease lease, PepperRing ring, TimeProvider time)
    : WebhookGrain(store, outbox, lease, ring, time, ResourceKinds.Webhook), IOrganizationWebhookGrain
{
    private const string SecretName = "Signing secret";

    private readonly SecretBox _ownBox = new(ring);

    public Task<ResourceAnswer> Provision(ProvisionWebhook command, CancellationToken cancellationToken) =>
        Create(command.Webhook, next => [CredentialOf(next, command)], cancellationToken);

    private Commit CredentialOf(ResourceState webhook, ProvisionWebhook command)
    {
        var id = webhook.Content.Webhook?.CredentialId
            ?? throw new ArgumentException("the content names no credential", nameof(command));
        var credential = new ResourceState
        {
            Id = id,
            OrganizationId = webhook.OrganizationId,
            Name = id.ToString(),
            NameScope = webhook.Id.ToString(),
            FullName = SecretName,
            Content = new ResourceContent
            {
                Credential = new CredentialContent
                {
                    OwnerType = CredentialOwner.Webhook,
                    OwnerId = webhook.Id,
                    Type = "secret",
                    ExpiresAt = command.SecretExpires,
                    Managed = true,
                },
            },
            Sealed = _ownBox.Seal(command.Secret, id),
            CreatedAt = webhook.CreatedAt,
            UpdatedAt = webhook.CreatedAt,
            Version = 1,
        };
        var context = command.Webhook.Context;
        var row = ResourceRow.Of(credential, Kinds.Credential, context.CommandId.ToString("N"));
        var audit = AuditEntries.Of(
            row.Key, null, row.CommandId, row.OrganizationId, "credential.created", row.Version, credential.CreatedAt);
        return RowWriter.Create(row, audit, ResourceRow.ParentsOf(credential));
    }
}
