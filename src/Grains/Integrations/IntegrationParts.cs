using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Grains.Tokens;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Integrations;

/// <summary>
/// The rows that are made with an integration: credentials from secrets that stood inline, and its default token. The
/// same integration at the same time gives the same rows, so that an answer that was lost can be made again.
/// </summary>
internal sealed class IntegrationParts(PepperRing ring, TokenSettings settings)
{
    private readonly SecretBox _box = new(ring);

    /// <summary>The credentials, which hang on the integration and go with it.</summary>
    public IReadOnlyList<ResourceState> Credentials(
        ResourceState integration, IReadOnlyList<InlineCredential> inline, DateTimeOffset now) =>
    [
        .. inline.Select(credential => new ResourceState
        {
            Id = credential.Id,
            OrganizationId = integration.OrganizationId,
            Name = credential.Id.ToString(),
            NameScope = integration.Content.Integration?.AccountId.ToString() ?? "",
            FullName = credential.FullName,
            Content = new ResourceContent
            {
                Credential = new CredentialContent
                {
                    OwnerType = CredentialOwner.Integration,
                    OwnerId = integration.Id,
                    Type = credential.Type,
                    Managed = true,
                },
            },
            Sealed = _box.Seal(credential.Secret, credential.Id),
            CreatedAt = now,
            UpdatedAt = now,
            Version = 1,
        }),
    ];

    /// <summary>
    /// Commits of credentials. They are steps of the call that makes the integration, so their entries name no caller
    /// of their own.
    /// </summary>
    public static IEnumerable<Commit> CommitsOf(IEnumerable<ResourceState> credentials, CallContext context) =>
        credentials.Select(state =>
    {
        var row = ResourceRow.Of(state, Kinds.Credential, context.CommandId.ToString("N"));
        var audit = AuditEntries.Of(
            row.Key,
            null,
            row.CommandId,
            row.OrganizationId,
            "credential.created",
            row.Version,
            state.CreatedAt,
            about: ResourceRow.About(state));
        return RowWriter.Create(row, audit, ResourceRow.ParentsOf(state));
    });

    /// <summary>The default token, as a step that creates it.</summary>
    /// <exception cref="InvalidOperationException">the machine refuses what the caller asks for</exception>
    public Step<TokenState, TokenAnswer> Token(
        TokenSpec spec, IssueToken command, CallContext context, DateTimeOffset now)
    {
        var own = new CallContext { CommandId = context.CommandId, Idempotency = command.Context.Idempotency };
        return FirstTokens.Of(spec, command with { Context = own }, ring, settings, now);
    }
}
