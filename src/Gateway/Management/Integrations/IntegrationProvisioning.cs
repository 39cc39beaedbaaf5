using System.Collections.Immutable;
using System.Text.Json.Nodes;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Credentials;
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
/// What is made with an integration: credentials from the secrets that stood inline, and its default token. Ids follow from the call's
/// idempotency key, so that a repetition finds what an interrupted call has made and finishes it.
/// </summary>
internal sealed class IntegrationProvisioning(IGrainFactory grains, TimeProvider time)
{
    /// <summary>What a request is about to make.</summary>
    public sealed record Draft(IntegrationBody Body, TokenId Token, IReadOnlyList<Guid> Credentials);

    public Draft Begin(HttpContext http, IntegrationBody body, Resource? current)
    {
        var call = http.Features.Get<IdempotentCall>();
        var token = current?.Content.Integration!.RefreshTokenId
            ?? (call is null ? SecretMint.NewTokenId(time) : new TokenId(call.DerivedIdFor("token")));
        var ids = body.Provider.Inline
            .Select((_, i) => call is null ? Guid.CreateVersion7(time.GetUtcNow()) : call.DerivedIdFor($"credential {i}")).ToList();
        foreach (var (inline, id) in body.Provider.Inline.Zip(ids))
        {
            inline.PointTo(id);
        }

        var draft = new Draft(body, token, ids);
        http.Features.Set(draft);
        return draft;
    }

    /// <summary>Stored credentials must belong to the account or the integration, and an integration point must fit.</summary>
    public async Task<IResult?> CheckReferences(HttpContext http)
    {
        var draft = http.Features.Get<Draft>()!;
        var read = new ReadResource { OrganizationId = http.Bearer().OrganizationId };
        List<RequestError> errors = [];
        foreach (var (pointer, id) in draft.Body.Provider.Stored)
        {
            if (!Guid.TryParseExact(id, "D", out var credential)
                || (await grains.GetGrain<ICredentialGrain>(credential.ToString()).Get(read)).Resource?.Content.Credential is not { } found
                || !await IsNear(found, http.Account().Id, read))
            {
                errors.Add(new RequestError(pointer, "body", "names no credential of the account", JsonValue.Create(id)));
            }
        }

        if (draft.Body.IntegrationPointId is { } point)
        {
            var content = (await grains.GetGrain<IIntegrationPointGrain>(point.ToString()).Get(read)).Resource?.Content.IntegrationPoint;
            var allowed = http.Account().Content.Account!.Environment == "test" ? content?.TestProviders : content?.ProdProviders;
            if (content is null || content.Connector != draft.Body.Provider.Provider.Category
                || (allowed is { } providers && !providers.Contains("*") && !providers.Contains(draft.Body.Provider.Provider.Type)))
            {
                errors.Add(new RequestError(
                    "/integration_point_id", "body", content is null ? "names no integration point" : "names an integration point that does not offer this provider"));
            }
        }

        return errors.Count > 0 ? ProblemResults.Invalid(http, errors) : null;
    }

    /// <summary>The integration, its credentials and its default token, as one command.</summary>
    public async Task<IResult> Provision(HttpContext http, Guid id, CreateResource integration, IdempotentCall? call)
    {
        var draft = DraftOf(http);
        var minted = SecretMint.Mint(TokenProfile.Default, draft.Token);
        var command = new ProvisionIntegration
        {
            Integration = integration,
            Credentials = Inline(draft, integration.Name ?? id.ToString()),
            Token = new IssueToken
            {
                Context = new CallContext { CommandId = integration.Context.CommandId, Idempotency = call?.Seal(minted, draft.Token) },
                Profile = TokenProfile.Default.Name,
                OrganizationId = integration.OrganizationId,
                MemberId = http.Bearer().Caller.MemberId,
                IntegrationId = id.ToString(),
                AccountId = http.Account().Id,
                FullName = $"Default token of {integration.Name ?? id.ToString()}",

                // It stands whatever becomes of whoever made the integration, and may do nothing in the Management API.
                Actions = [],
                Resources = new Resources { AccountIds = Selection.Of(http.Account().Id.ToString()) },
                Independent = true,
                Secrets = minted.ToMinted(),
            },
        };
        var made = await http.Command(() => grains.GetGrain<IIntegrationGrain>(id.ToString()).Provision(command));
        if (made.TokenRefusal is { } refusal)
        {
            return TokenRefusals.ToProblem(http, refusal, integration.Name ?? id.ToString());
        }

        if (made.Answer is not { Refusal: null, Resource: { } resource })
        {
            return ResourceRefusals.ToProblem(
                http, made.Answer.Refusal ?? ResourceRefusal.NotFound, "integration", integration.Name ?? "", made.Answer.Details);
        }

        return made.Token is { } token
            ? Created(http, resource, made.Credentials, token, minted)
            : await Repeated(http, resource, draft, call);
    }

    /// <summary>The change and the credentials that its configuration holds inline, as one command.</summary>
    public async Task<ProvisionedIntegration> Replace(HttpContext http, Guid id, UpdateResource integration)
    {
        var draft = DraftOf(http);
        var command = new ReplaceIntegration { Integration = integration, Credentials = Inline(draft, integration.Name) };
        return await http.Command(() => grains.GetGrain<IIntegrationGrain>(id.ToString()).ReplaceWithCredentials(command));
    }

    /// <summary>The same call again under its idempotency key: the token's grain has its secrets, sealed for this very caller.</summary>
    private async Task<IResult> Repeated(HttpContext http, Resource integration, Draft draft, IdempotentCall? call)
    {
        if (call is null)
        {
            return ProblemResults.Unauthorized(http);
        }

        var answer = await grains.GetGrain<IRefreshTokenGrain>(draft.Token.ToString()).GetIdempotentAnswer(call.Name, call.Request);
        if (answer is not { Token: { } token, Sealed: { } sealedSecrets }
            || SecretMint.OpenForCaller(sealedSecrets, call.Bearer, call.Key, draft.Token) is not { } secrets)
        {
            return TokenRefusals.ToProblem(http, TokenRefusal.IdTaken, integration.Name);
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

        return Created(http, integration, credentials, token, secrets);
    }

    private static IResult Created(HttpContext http, Resource integration, IReadOnlyList<Resource> credentials, TokenView token, SecretPair secrets)
    {
        http.Response.Headers.CacheControl = "no-store";
        var wire = IntegrationWire.From(integration);
        if (DraftOf(http).Body.Webhooks?.Full is { } webhooks)
        {
            wire = wire with { WebhookConfig = webhooks };
        }

        var created = new CreatedIntegration(
            credentials.Count > 0 ? [.. credentials.Select(CredentialWire.From)] : null, wire, RefreshTokenWire.From(token, secrets).Primary);
        return TypedResults.Json(
            new Envelope<CreatedIntegration>(created), IntegrationJson.Wire.EnvelopeCreatedIntegration, statusCode: StatusCodes.Status201Created);
    }

    private static ImmutableArray<Grains.Abstractions.Integrations.InlineCredential> Inline(Draft draft, string integration) =>
    [
        .. draft.Body.Provider.Inline.Zip(draft.Credentials, (inline, id) => new Grains.Abstractions.Integrations.InlineCredential
        {
            Id = id, FullName = $"{inline.Field} of {integration}", Type = inline.Type, Secret = inline.Config,
        }),
    ];

    private static Draft DraftOf(HttpContext http) =>
        http.Features.Get<Draft>() ?? throw new InvalidOperationException("no body was read");

    private async Task<bool> IsNear(CredentialContent credential, Guid account, ReadResource read) => credential.OwnerType switch
    {
        CredentialOwner.Account => credential.OwnerId == account,
        CredentialOwner.Integration => (await grains.GetGrain<IIntegrationGrain>(credential.OwnerId.ToString()).Get(read))
            .Resource?.Content.Integration?.AccountId == account,
        _ => false,
    };
}
