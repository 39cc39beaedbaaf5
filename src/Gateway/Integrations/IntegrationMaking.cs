using System.Text.Json.Nodes;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Authentication;
using TokenActors.Gateway.Calls;
using TokenActors.Gateway.Credentials;
using TokenActors.Gateway.Json;
using TokenActors.Gateway.Problems;
using TokenActors.Gateway.ResourceModel;
using TokenActors.Gateway.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Credentials;
using TokenActors.Grains.Abstractions.IntegrationPoints;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Records;

namespace TokenActors.Gateway.Integrations;

/// <summary>
/// What is made with an integration: credentials from the secrets that stood inline, and its default token. Ids follow from the call's
/// idempotency key, so that a repetition finds what an interrupted call has made and finishes it.
/// </summary>
internal sealed class IntegrationMaking(IGrainFactory grains, TimeProvider time)
{
    /// <summary>What a request is about to make.</summary>
    public sealed record Draft(IntegrationBody Body, TokenId Token, bool IsNew, IReadOnlyList<Guid> Credentials);

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

        var draft = new Draft(body, token, current is null, ids);
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

    /// <summary>After the integration is stored: credentials, token, answer. What is refused takes the integration away again.</summary>
    public async Task<IResult> Finish(HttpContext http, Resource integration, IdempotentCall? call)
    {
        var (credentials, problem) = await MakeCredentials(http, integration, call);
        var (token, minted, refusal) = problem is null ? await IssueToken(http, integration, call) : default;
        if (problem is not null || refusal is not null)
        {
            await grains.GetGrain<IIntegrationGrain>(integration.Id.ToString()).Delete(new DeleteResource { Context = Internal() });
            return problem ?? TokenRefusals.ToProblem(http, refusal!.Value, integration.Name);
        }

        if (minted is null)
        {
            return ProblemResults.Unauthorized(http);
        }

        http.Response.Headers.CacheControl = "no-store";
        var wire = IntegrationWire.From(integration);
        if (http.Features.Get<Draft>()!.Body.Webhooks?.Full is { } webhooks)
        {
            wire = wire with { WebhookConfig = webhooks };
        }

        var created = new CreatedIntegration(credentials.Count > 0 ? credentials : null, wire, RefreshTokenWire.From(token!, minted).Primary);
        return TypedResults.Json(new Envelope<CreatedIntegration>(created), WireJson.Wire.EnvelopeCreatedIntegration, statusCode: StatusCodes.Status201Created);
    }

    public async Task<(IReadOnlyList<CredentialWire> Credentials, IResult? Problem)> MakeCredentials(HttpContext http, Resource integration, IdempotentCall? call)
    {
        var draft = http.Features.Get<Draft>()!;
        List<CredentialWire> made = [];
        foreach (var (inline, id) in draft.Body.Provider.Inline.Zip(draft.Credentials))
        {
            var command = new CreateResource
            {
                Context = Internal() with { Idempotency = call is null ? null : new Idempotency { Key = call.Name, Request = call.Request, Sealed = [] } },
                OrganizationId = integration.OrganizationId,
                FullName = $"{inline.Field} of {integration.Name}",
                Content = new ResourceContent
                {
                    Credential = new CredentialContent { OwnerType = CredentialOwner.Integration, OwnerId = integration.Id, Type = inline.Type, Managed = true },
                },
                Secret = inline.Config,
            };
            var answer = await GrainCalls.Command(() => grains.GetGrain<ICredentialGrain>(id.ToString()).Create(command));
            if (answer.Refusal is { } refusal)
            {
                return (made, ResourceRefusals.ToProblem(http, refusal, "credential", id.ToString(), answer.Details));
            }

            made.Add(CredentialWire.From(answer.Resource!));
        }

        return (made, null);
    }

    /// <summary>A default token stands whatever becomes of whoever made the integration, and may do nothing in the Management API.</summary>
    private async Task<(TokenView? Token, SecretPair? Minted, TokenRefusal? Refusal)> IssueToken(HttpContext http, Resource integration, IdempotentCall? call)
    {
        var content = integration.Content.Integration!;
        var minted = SecretMint.Mint(TokenProfile.Default, content.RefreshTokenId);
        var command = new IssueToken
        {
            Context = Internal() with { Idempotency = call?.Seal(minted, content.RefreshTokenId) },
            Profile = TokenProfile.Default.Name,
            OrganizationId = integration.OrganizationId,
            MemberId = http.Bearer().Caller.MemberId,
            IntegrationId = integration.Id.ToString(),
            AccountId = content.AccountId,
            FullName = $"Default token of {integration.Name}",
            Actions = [],
            Resources = new Resources { AccountIds = Selection.Of(content.AccountId.ToString()) },
            Independent = true,
            Secrets = minted.ToMinted(),
        };
        var answer = await GrainCalls.Command(() => grains.GetGrain<IRefreshTokenGrain>(content.RefreshTokenId.ToString()).Issue(command));
        return (answer.Token, answer.Secrets == AnswerSecrets.SealedForCaller && call is not null
            ? SecretMint.OpenForCaller(answer.Sealed!, call.Bearer, call.Key, content.RefreshTokenId)
            : minted, answer.Refusal);
    }

    private async Task<bool> IsNear(CredentialContent credential, Guid account, ReadResource read) => credential.OwnerType switch
    {
        CredentialOwner.Account => credential.OwnerId == account,
        CredentialOwner.Integration => (await grains.GetGrain<IIntegrationGrain>(credential.OwnerId.ToString()).Get(read))
            .Resource?.Content.Integration?.AccountId == account,
        _ => false,
    };

    /// <summary>Steps of a call that are no calls of their own: they are not listed beside it.</summary>
    private CallContext Internal() => new() { CommandId = Guid.CreateVersion7(time.GetUtcNow()) };
}
