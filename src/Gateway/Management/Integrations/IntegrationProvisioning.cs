using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Integrations;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Credentials;
using TokenActors.Gateway.Management.Mappings;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Credentials;
using TokenActors.Grains.Abstractions.IntegrationPoints;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Management.Integrations;

/// <summary>
/// What is made with an integration: credentials from the secrets that stood inline, and its default token. Ids follow
/// from the call's idempotency key, so that a repetition finds what an interrupted call has made and finishes it.
/// </summary>
internal sealed class IntegrationProvisioning(IGrainFactory grains, TimeProvider time)
{
    private const int WebhookKeyBytes = 32;

    /// <summary>Either shows a credential to whoever has its id.</summary>
    private static readonly string[] CredentialVerbs = ["get", "lookup"];

    /// <param name="request">its idempotency key gives the ids</param>
    /// <param name="account">that the integration hangs on</param>
    /// <param name="current">the integration that is to be replaced; null for a new one</param>
    public IntegrationDraft Begin(ApiRequest request, Resource account, Resource? current)
    {
        var call = request.Idempotent;
        var content = current?.Content.Integration;
        Guid NewId(string what) => call?.DerivedIdFor(what) ?? Guid.CreateVersion7(time.GetUtcNow());
        return new IntegrationDraft(
            account, content?.RefreshTokenId ?? new TokenId(NewId("token")), content, i => NewId($"credential {i}"), i =>
                call?.DerivedSecretFor($"webhook {i}") ?? RandomNumberGenerator.GetBytes(WebhookKeyBytes));
    }

    /// <summary>
    /// Stored credentials must belong to the account or the integration and be the caller's to see, an integration
    /// point must fit, and mappings must be there; null where all do. One that the caller may not see is answered as
    /// one that is not there.
    /// </summary>
    /// <param name="request">the request</param>
    /// <param name="draft">what it is to be</param>
    /// <param name="current">as it is, whose references may be gone since: they are not asked for again</param>
    public async Task<Refusal?> ProblemWith(ApiRequest request, IntegrationDraft draft, IntegrationContent? current)
    {
        var config = IntegrationPoints.IntegrationFieldReader.Parse(current?.ProviderConfig);
        var known = CredentialReader.ReferencesIn(config).ToHashSet();
        var read = new ReadResource { OrganizationId = request.Bearer.OrganizationId };
        List<RequestError> errors = [];
        foreach (var (pointer, id, type) in draft.Body.Provider.Stored)
        {
            if (known.Contains((id, type)))
            {
                continue;
            }

            if (!Guid.TryParseExact(id, "D", out var credential)
                || await Seen(request, credential) is not { } found
                || !await IsNear(found, draft.Account.Id, read))
            {
                errors.Add(new RequestError(
                    pointer, "body", "names no credential of the account", JsonValue.Create(id)));
            }
            else if (found.Type != type)
            {
                errors.Add(new RequestError(
                    pointer, "body", $"names a credential that is not of type {type}", JsonValue.Create(id)));
            }
        }

        var isAsBefore = current?.IntegrationPointId == draft.Body.IntegrationPointId
            && current?.ProviderType == draft.Body.Provider.Provider.Type;
        if (draft.Body.IntegrationPointId is { } point && !isAsBefore && !await Offers(point, draft, read))
        {
            errors.Add(new RequestError(
                "/integration_point_id", "body", "names no integration point that offers this provider"));
        }

        if (await MappingReferences.ProblemWith(request, grains, draft.Body.Mappings, current?.Mappings) is { } mapping)
        {
            errors.Add(mapping);
        }

        if (await BridgeSelectors.ProblemWith(
            request, grains, draft.Account.Id, draft.Body.BridgeSelector, current?.BridgeSelector) is { } bridge)
        {
            errors.Add(bridge);
        }

        return errors.Count > 0 ? Problems.Invalid(errors) : null;
    }

    /// <summary>Whether an integration of a provider could be made in an account at a point.</summary>
    public async Task<bool> Offers(ApiRequest request, Guid point, Provider provider, Resource account) =>
        await PointOf(point, new ReadResource { OrganizationId = request.Bearer.OrganizationId }) is { } content
            && Offers(content, provider, account);

    /// <summary>The integration, its credentials and its default token, as one command.</summary>
    public async Task<Results<JsonCreated<Envelope<CreatedIntegration>>, Refusal>> Provision(
        ApiRequest request, IntegrationDraft draft, NewResource integration)
    {
        var id = ResourceCommands.NewId(request, time);
        var minted = SecretMint.Mint(TokenProfile.Default, draft.Token);
        var create = ResourceCommands.ToCreate(request, integration);
        create = create with { Content = draft.Complete(create.Content) };
        var label = integration.Name ?? id.ToString();
        var command = new ProvisionIntegration
        {
            Integration = create,
            Credentials = Inline(draft, label),
            Token = new IssueToken
            {
                Context = new CallContext { CommandId = create.Context.CommandId, Idempotency = request.Idempotent?.Seal(minted, draft.Token) },
                Profile = TokenProfile.Default.Name,
                OrganizationId = create.OrganizationId,
                MemberId = request.Bearer.Caller.MemberId,
                IntegrationId = id.ToString(),
                AccountId = draft.Account.Id,
                FullName = $"Default token of {label}",

                // It stands whatever becomes of whoever made the integration, and may do nothing in the Management API.
                Actions = [],
                Resources = new Resources { AccountIds = Selection.Of(draft.Account.Id.ToString()) },
                Independent = true,
                Secrets = minted.ToMinted(),
            },
        };
        var made = await request.Command(() => grains.GetGrain<IIntegrationGrain>(id.ToString()).Provision(command));
        if (made.TokenRefusal is { } refusal)
        {
            return TokenRefusals.ToProblem(refusal, label);
        }

        if (made.Answer is not { Refusal: null, Resource: { } resource })
        {
            return ResourceRefusals.ToProblem(
                made.Answer.Refusal ?? ResourceRefusal.NotFound, "integration", integration.Name
                    ?? "", made.Answer.Details);
        }

        return made.Token is { } token
            ? Created(draft, resource, made.Credentials, token, minted)
            : await Repeated(request, draft, resource);
    }

    /// <summary>The change and the credentials that its configuration holds inline, as one command.</summary>
    public Task<ProvisionedIntegration> Replace(
        ApiRequest request, IntegrationDraft draft, Guid id, UpdateResource integration)
    {
        var command = new ReplaceIntegration
        {
            Integration = integration, Credentials = Inline(
            draft, integration.Name)
        };
        return request.Command(() => grains.GetGrain<IIntegrationGrain>(id.ToString()).ReplaceWithCredentials(command));
    }

    /// <summary>
    /// The same call again under its idempotency key: the token's grain has its secrets, sealed for this very caller.
    /// </summary>
    private async Task<Results<JsonCreated<Envelope<CreatedIntegration>>, Refusal>> Repeated(
        ApiRequest request, IntegrationDraft draft, Resource integration)
    {
        if (request.Idempotent is not { } call)
        {
            return Problems.Unauthorized();
        }

        var answer = await grains.GetGrain<IRefreshTokenGrain>(draft.Token.ToString())
            .GetIdempotentAnswer(call.Name, call.Request);
        if (answer is not { Token: { } token, Sealed: { } sealedSecrets }
            || SecretMint.OpenForCaller(sealedSecrets, call.Bearer, call.Key, draft.Token) is not { } secrets)
        {
            return TokenRefusals.ToProblem(TokenRefusal.IdTaken, integration.Name);
        }

        var read = new ReadResource { OrganizationId = integration.OrganizationId };
        List<Resource> credentials = [];
        foreach (var id in draft.Credentials)
        {
            if ((await grains.GetGrain<ICredentialGrain>(id.ToString()).Get(read)).Resource is { } credential)
            {
                credentials.Add(credential);
            }
        }

        return Created(draft, integration, credentials, token, secrets);
    }

    private static JsonCreated<Envelope<CreatedIntegration>> Created(
        IntegrationDraft draft, Resource integration, IReadOnlyList<Resource> credentials, TokenView token, SecretPair secrets)
    {
        var created = new CreatedIntegration(
            credentials.Count > 0
                ? [.. credentials.Select(CredentialWire.From)]
                : null, draft.Show(integration), RefreshTokenWire.From(token, secrets).Primary);
        return new(new(created), IntegrationJson.Wire.EnvelopeCreatedIntegration, holdsSecret: true);
    }

    private static ImmutableArray<Grains.Abstractions.Integrations.InlineCredential> Inline(
        IntegrationDraft draft, string integration) =>
    [
        .. draft.Body.Provider.Inline.Zip(draft.Credentials, (inline, id) => new Grains.Abstractions.Integrations.InlineCredential
        {
            Id = id, FullName = $"{inline.Field} of {integration}", Type = inline.Type, Secret = inline.Config,
        }),
    ];

    /// <summary>Whether there is an integration point that offers the provider in the account's environment.</summary>
    private async Task<bool> Offers(Guid point, IntegrationDraft draft, ReadResource read)
    {
        draft.Point = await PointOf(point, read);
        return draft.Point is { } content && Offers(content, draft.Body.Provider.Provider, draft.Account);
    }

    private static bool Offers(IntegrationPointContent point, Provider provider, Resource account) =>
        point.Connector == provider.Category
        && point.Offers(provider.Type, ResourceFields.Of(account.Content.Account).Environment);

    private async Task<IntegrationPointContent?> PointOf(Guid point, ReadResource read) =>
        (await grains.GetGrain<IIntegrationPointGrain>(point.ToString()).Get(read)).Resource?.Content.IntegrationPoint;

    /// <summary>
    /// A credential that the bearer may see: who binds one to a URL of its own is sent its secret. Null for any other.
    /// </summary>
    private async Task<CredentialContent?> Seen(ApiRequest request, Guid id)
    {
        var bearer = request.Bearer;
        foreach (var verb in CredentialVerbs)
        {
            var read = new ReadResource { OrganizationId = bearer.OrganizationId, Caller = bearer.Caller, Verb = verb };
            var answer = await grains.GetGrain<ICredentialGrain>(id.ToString()).Get(read, request.Aborted);
            if (answer.Resource?.Content.Credential is { } credential)
            {
                return credential;
            }
        }

        return null;
    }

    private async Task<bool> IsNear(CredentialContent credential, Guid account, ReadResource read) =>
        credential.OwnerType switch
        {
            CredentialOwner.Account => credential.OwnerId == account,
            CredentialOwner.Integration =>
                (await grains.GetGrain<IIntegrationGrain>(credential.OwnerId.ToString()).Get(read))
                .Resource?.Content.Integration?.AccountId == account,
            _ => false,
        };
}
