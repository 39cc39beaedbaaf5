using System.Text.Json.Serialization.Metadata;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Credentials;
using TokenActors.Grains.Abstractions.IntegrationPoints;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Credentials;

/// <summary><c>/v1/credentials</c>. The owner in the path is an account (by id or name), an integration or an integration point.</summary>
internal sealed class CredentialEndpoints(IGrainFactory grains, TimeProvider time)
    : ResourceEndpoints<ICredentialGrain, CredentialWire>("credential", ResourceLists.Credentials, grains, time)
{
    private sealed record Owner(CredentialOwner Type, Guid Id);

    protected override JsonTypeInfo<CredentialWire> WireType => CredentialJson.Wire.CredentialWire;

    protected override JsonTypeInfo<Envelope<CredentialWire>> OneType => CredentialJson.Wire.EnvelopeCredentialWire;

    protected override JsonTypeInfo<ListEnvelope<CredentialWire>> ListType => CredentialJson.Wire.ListEnvelopeCredentialWire;

    protected override bool Counts => false;

    public static void Map(RouteGroupBuilder v1)
    {
        var credentials = v1.MapResource("/credentials", "credentials");
        credentials.MapGet("/lookup/{credentialId}", (HttpContext http, string credentialId, CredentialEndpoints e) => e.Lookup(http, credentialId))
            .Needs("credentials:lookup").WithName("credentials_lookup").Produces<Envelope<CredentialWire>>();
        credentials.MapGet("/{ownerId}", (HttpContext http, string ownerId, CredentialEndpoints e) => e.ListOf(http, ownerId))
            .Needs("credentials:list").WithName("credentials_list").AsksForList().Produces<ListEnvelope<CredentialWire>>();
        credentials.MapPost("/{ownerId}", (HttpContext http, string ownerId, CredentialEndpoints e) => e.Under(http, ownerId, () => e.Create(http)))
            .Needs("credentials:create").WithName("credentials_create").Accepts<CreateCredentialRequest>("application/json")
            .Produces<Envelope<CredentialWire>>(StatusCodes.Status201Created);
        credentials.MapGet("/{ownerId}/{credentialId}", (HttpContext http, string ownerId, string credentialId, CredentialEndpoints e) =>
            e.Under(http, ownerId, () => e.Get(http, credentialId))).Needs("credentials:get").WithName("credentials_get").Produces<Envelope<CredentialWire>>();
        credentials.MapPut("/{ownerId}/{credentialId}", (HttpContext http, string ownerId, string credentialId, CredentialEndpoints e) =>
            e.Under(http, ownerId, () => e.Update(http, credentialId))).Needs("credentials:update").WithName("credentials_update")
            .Accepts<UpdateCredentialRequest>("application/json").Produces<Envelope<CredentialWire>>();
        credentials.MapPatch("/{ownerId}/{credentialId}", (HttpContext http, string ownerId, string credentialId, CredentialEndpoints e) =>
            e.Under(http, ownerId, () => e.Patch(http, credentialId))).Needs("credentials:patch").WithName("credentials_patch")
            .Reads<IReadOnlyList<PatchOperation>>().Produces<Envelope<CredentialWire>>();
        credentials.MapDelete("/{ownerId}/{credentialId}", (HttpContext http, string ownerId, string credentialId, CredentialEndpoints e) =>
            e.Under(http, ownerId, () => e.Delete(http, credentialId))).Needs("credentials:delete").WithName("credentials_delete")
            .Produces(StatusCodes.Status204NoContent);
    }

    protected override IReadOnlyList<string> ServerSet =>
        ["created_at", "updated_at", "account_id", "integration_id", "integration_point_id", "organization_webhook_id", "managed"];

    protected override CredentialWire ToWire(Resource resource) => CredentialWire.From(resource);

    /// <summary>A body without a config, or with the bare type that answers show, leaves the secret as it is.</summary>
    protected override ResourceInput? ReadContent(HttpContext http, JsonFields fields, Resource? current)
    {
        var owner = http.Features.Get<Owner>()!;
        var before = current?.Content.Credential;
        IntegrationOwnerType(fields, owner.Type);
        var expires = fields.Time("expires");
        var config = fields.Object("config") is { } c && !(before is not null && c.HoldsOnly("type")) ? CredentialConfigs.Read(c) : null;
        return new ResourceInput(
            new ResourceContent
            {
                Credential = new CredentialContent
                {
                    OwnerType = owner.Type,
                    OwnerId = owner.Id,
                    Type = config?.Type ?? before?.Type,
                    ExpiresAt = expires,
                    Managed = before?.Managed ?? false,
                },
            },
            config?.Config);
    }

    /// <summary>Only what hangs on the owner in the path is there.</summary>
    protected override async Task<(Resource? Resource, IResult? Problem)> Find(HttpContext http, string idOrName, string verb)
    {
        var (resource, problem) = await base.Find(http, idOrName, verb);
        return resource is not null && http.Features.Get<Owner>() is { } owner && resource.Content.Credential!.OwnerId != owner.Id
            ? (null, ProblemResults.NotFound(http, "credential", idOrName))
            : (resource, problem);
    }

    private async Task<IResult> Lookup(HttpContext http, string credentialId) => Guid.TryParseExact(credentialId, "D", out _)
        ? await Find(http, credentialId, "lookup") is ({ } found, null) ? Show(ToWire(found)) : ProblemResults.NotFound(http, "credential", credentialId)
        : ProblemResults.NotFound(http, "credential", credentialId);

    private Task<IResult> ListOf(HttpContext http, string ownerId) =>
        Under(http, ownerId, () => List(http, http.Features.Get<Owner>()!.Id.ToString()));

    /// <summary>Finds the owner in the path, which the bearer must be let at.</summary>
    private async Task<IResult> Under(HttpContext http, string ownerId, Func<Task<IResult>> handler)
    {
        var organization = http.Bearer().OrganizationId;
        var verb = http.GetEndpoint()!.Metadata.GetMetadata<RoutePolicy>()!.Permission![(http.GetEndpoint()!.Metadata.GetMetadata<RoutePolicy>()!.Permission!.IndexOf(':') + 1)..];
        foreach (var (type, kind) in new[]
        {
            (CredentialOwner.Account, "account"), (CredentialOwner.Integration, "integration"), (CredentialOwner.IntegrationPoint, "integration_point"),
        })
        {
            if (await Grains.FindResource(organization, kind, ownerId) is { } id && await Stands(http, type, id, verb))
            {
                http.Features.Set(new Owner(type, id));
                return await handler();
            }
        }

        return ProblemResults.NotFound(http, "account", ownerId);
    }

    private async Task<bool> Stands(HttpContext http, CredentialOwner type, Guid id, string verb)
    {
        // As the operator's own: whether the bearer is let at what hangs there is asked of the target itself.
        var read = new ReadResource { OrganizationId = http.Bearer().OrganizationId };
        var grant = http.Bearer().Caller.Grant;
        var organization = http.Bearer().OrganizationId.ToString();
        switch (type)
        {
            case CredentialOwner.Account:
                return (await Grains.GetGrain<IAccountGrain>(id.ToString()).Get(read)).Resource is { } account
                    && grant.Covers($"credentials:{verb}", account.ToTarget());
            case CredentialOwner.Integration:
                return (await Grains.GetGrain<IIntegrationGrain>(id.ToString()).Get(read)).Resource is { Content.Integration: { } integration }
                    && (await Grains.GetGrain<IAccountGrain>(integration.AccountId.ToString()).Get(read)).Resource is { } owner
                    && grant.Covers($"credentials:{verb}", owner.ToTarget(integration.Category));
            default:
                return (await Grains.GetGrain<IIntegrationPointGrain>(id.ToString()).Get(read)).Resource is not null
                    && grant.Covers($"credentials:{verb}", new Domain.Grants.ResourceTarget(organization));
        }
    }

    private static void IntegrationOwnerType(JsonFields fields, CredentialOwner actual)
    {
        if (fields.Text("owner_type") is { } given && given != CredentialWire.NameOf(actual))
        {
            fields.Reject("owner_type", $"must be {CredentialWire.NameOf(actual)}, what the path names");
        }
    }
}
