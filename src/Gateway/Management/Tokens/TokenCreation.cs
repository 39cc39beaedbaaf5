using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary>
/// Routes that make tokens. What a new token may do lies within what its maker may do, or the request is refused.
/// </summary>
internal static class TokenCreation
{
    private const string AccountName = "synqly-integrations";
    private const int MostAttempts = 3;

    public static void MapTokenCreation(this RouteGroupBuilder tokens)
    {
        tokens.MapPost("", CreateOrganizationToken).Needs("tokens:create")
            .WithMetadata(new MintingRoute(Creates: true, TokenAnswers.Created)).WithName("tokens_create_token");
        tokens.MapPost("/mcp", CreateMcpToken).Needs("tokens:create")
            .WithMetadata(new MintingRoute(Creates: true, TokenAnswers.CreatedSingle))
            .WithName("tokens_create_mcp_token");
        tokens.MapPost("/synqly-integrations", CreateSynqlyIntegrationsToken).Needs("tokens:create_synqly_integrations")
            .WithMetadata(new MintingRoute(Creates: true, TokenAnswers.CreatedWithAccount))
            .WithName("tokens_create_synqly_integrations_token");
        tokens.MapPost("/{accountId}/{integrationId}", CreateIntegrationToken).Needs("tokens:create_integration")
            .WithMetadata(new MintingRoute(Creates: true, TokenAnswers.CreatedSingle))
            .WithName("tokens_create_integration_token");
    }

    private static async Task<Results<JsonCreated<Envelope<RefreshTokenWire>>, Refusal>> CreateOrganizationToken(
        ApiRequest request, Body<CreateTokenRequest> body, TokenGrains tokens, TimeProvider time)
    {
        var wanted = body.Value;
        if (!TryDraft(
            request, time, TokenProfile.Organization, wanted.PermissionSet, wanted.Resources.ToRequest(), out var draft,
            out var refusal))
        {
            return refusal;
        }

        var command = draft.Command with { Name = wanted.Name, FullName = wanted.Fullname, Ttl = wanted.TokenTtl };
        return TokenAnswers.Minted(
            request, await tokens.Issue(request, draft.Id, command), draft.Secrets, TokenAnswers.Created);
    }

    /// <summary>
    /// An MCP server gets the token with its scope as claims, and asks by introspection whether it stands.
    /// </summary>
    private static async Task<Results<JsonCreated<Envelope<TokenWire>>, Refusal>> CreateMcpToken(
        ApiRequest request, Body<CreateMcpTokenRequest> body, TokenGrains tokens, IGrainFactory grains, TimeProvider time)
    {
        var scope = body.Value.Scope;
        Guid? account = null;
        if (scope.AccountId is { } idOrName)
        {
            var found = await grains.FindAccount(request, idOrName, "accounts:get");
            if (!found.IsSuccess)
            {
                return found.Refusal;
            }

            account = found.Value.Id;
        }

        if (!TryDraft(
            request, time, TokenProfile.Mcp, scope.PermissionSet, Narrow(account, scope.Environment), out var draft,
            out var refusal))
        {
            return refusal;
        }

        var command = draft.Command with
        {
            Ttl = body.Value.TokenTtl,
            AccountId = account,
            Claims = new JsonObject { ["scope"] = scope.ToClaim(account) }.ToJsonString(JsonSerializerOptions.Default),
        };
        return TokenAnswers.Minted(
            request, await tokens.Issue(request, draft.Id, command), draft.Secrets, TokenAnswers.CreatedSingle);
    }

    /// <summary>A token for the connectors of one integration. It may do nothing in the Management API.</summary>
    private static async Task<Results<JsonCreated<Envelope<TokenWire>>, Refusal>> CreateIntegrationToken(
        ApiRequest request, string accountId, string integrationId, Body<CreateIntegrationTokenRequest> body,
        TokenGrains tokens, IGrainFactory grains,
        TimeProvider time)
    {
        const string action = "tokens:create_integration";
        var bearer = request.Bearer;
        var account = await grains.FindAccount(request, accountId, action);
        if (!account.IsSuccess)
        {
            return account.Refusal;
        }

        var read = new ReadResource { OrganizationId = bearer.OrganizationId };
        if (await grains.FindOwned(bearer.OrganizationId, "integration", integrationId, account.Value.Id) is not { } id
            || (await grains.GetGrain<IIntegrationGrain>(id.ToString()).Get(read))
                .Resource is not { Content.Integration: { } integration }
            || integration.AccountId != account.Value.Id
            || !bearer.Caller.Grant.Covers(action, account.Value.ToTarget(integration.Category)))
        {
            return Problems.NotFound("integration", integrationId);
        }

        var tokenId = NewId(request, time);
        var minted = SecretMint.Mint(TokenProfile.Integration, tokenId);
        var command = new IssueToken
        {
            Context = request.NewCommand(request.Idempotent?.Seal(minted, tokenId)),
            Profile = TokenProfile.Integration.Name,
            OrganizationId = bearer.OrganizationId,
            MemberId = bearer.Caller.MemberId,
            IntegrationId = id.ToString(),
            AccountId = account.Value.Id,
            Name = body.Value.Name,
            Ttl = body.Value.TokenTtl,
            Actions = [],
            Resources = Attenuation.Of(bearer.Caller.Grant, ActionSet.None, new ResourceRequest()).Resources,
            Secrets = minted.ToMinted(),
        };
        return TokenAnswers.Minted(
            request, await tokens.Issue(request, tokenId, command), minted, TokenAnswers.CreatedSingle);
    }

    /// <summary>
    /// A token that manages the integrations of one account, which is made for it where the organization has none yet:
    /// the account named <c>synqly-integrations</c>.
    /// </summary>
    private static async Task<Results<JsonCreated<Envelope<SynqlyIntegrationsToken>>, Refusal>> CreateSynqlyIntegrationsToken(
        ApiRequest request, Body<CreateSynqlyIntegrationsTokenRequest> body, TokenGrains tokens, IGrainFactory grains, TimeProvider time)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var account = await grains.FindResource(request.Bearer.OrganizationId, "account", AccountName);
            var id = account ?? Guid.CreateVersion7(time.GetUtcNow());
            if (!TryDraft(
                request, time, TokenProfile.SynqlyIntegrations, PermissionSets.AccountManager, Narrow(id, environment: null), out var draft, out var refusal))
            {
                return refusal;
            }

            var command = draft.Command with { Ttl = body.Value.TokenTtl, AccountId = id };
            var answer = account is null
                ? await MakeWithAccount(request, grains, id, draft.Id, command)
                : await tokens.Issue(request, draft.Id, command);
            if (answer is not null)
            {
                return TokenAnswers.Minted(request, answer, draft.Secrets, TokenAnswers.CreatedWithAccount);
            }
        }

        return Problems.Conflict("changed-meanwhile", "The account of such integrations is being changed; try again.");
    }

    /// <summary>
    /// The account and the token, both or neither; null where somebody else made the account meanwhile.
    /// </summary>
    private static async Task<TokenAnswer?> MakeWithAccount(
        ApiRequest request, IGrainFactory grains, Guid account, TokenId token, IssueToken issue)
    {
        var command = new CreateAccountWithToken
        {
            Account = new CreateResource
            {
                Context = new CallContext { CommandId = issue.Context.CommandId },
                OrganizationId = issue.OrganizationId,
                Name = AccountName,
                FullName = "Synqly integrations",
                Content = new ResourceContent { Account = new AccountContent { Environment = "prod" } },
            },
            TokenId = token,
            Token = issue,
        };
        return (await request.Command(() => grains.GetGrain<IAccountGrain>(account.ToString()).CreateWithToken(command))).Token;
    }

    /// <summary>An account wins over an environment; without either the bearer's own resources are inherited.</summary>
    private static ResourceRequest Narrow(Guid? account, string? environment)
    {
        if (account is { } id)
        {
            return new ResourceRequest(Accounts: (Selection.Of(id.ToString()), Selection.All, Selection.All));
        }

        return environment is null
            ? new ResourceRequest()
            : new ResourceRequest(Accounts: (Selection.All, Selection.All, Selection.Of(environment)));
    }

    private static TokenId NewId(ApiRequest request, TimeProvider time) =>
        request.Idempotent?.DerivedId ?? SecretMint.NewTokenId(time);

    /// <summary>
    /// A token that is about to be made: its id, its secrets, and the command with what all such tokens share.
    /// </summary>
    private sealed record Draft(TokenId Id, SecretPair Secrets, IssueToken Command);

    /// <param name="request">the request</param>
    /// <param name="time">the clock</param>
    /// <param name="profile">what kind of token it is</param>
    /// <param name="permissionSet">what it may do</param>
    /// <param name="resources">to what it is narrowed</param>
    /// <param name="draft">the token</param>
    /// <param name="refusal">it may do more than its maker</param>
    private static bool TryDraft(
        ApiRequest request, TimeProvider time, TokenProfile profile, string permissionSet, ResourceRequest resources,
        [NotNullWhen(true)] out Draft? draft, [NotNullWhen(false)] out Refusal? refusal)
    {
        var bearer = request.Bearer;
        var attenuation = Attenuation.Of(bearer.Caller.Grant, PermissionSets.ActionsOf(permissionSet), resources);
        if (!attenuation.Allowed)
        {
            (draft, refusal) = (null, Problems.TooMuch(attenuation.TooMuch));
            return false;
        }

        var id = NewId(request, time);
        var minted = SecretMint.Mint(profile, id);
        draft = new Draft(id, minted, new IssueToken
        {
            Context = request.NewCommand(request.Idempotent?.Seal(minted, id)),
            Profile = profile.Name,
            OrganizationId = bearer.OrganizationId,
            MemberId = bearer.Caller.MemberId,
            PermissionSet = permissionSet,
            Resources = attenuation.Resources,
            Secrets = minted.ToMinted(),
        });
        refusal = null;
        return true;
    }
}
