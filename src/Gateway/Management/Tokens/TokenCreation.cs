using System.Text.Json;
using System.Text.Json.Nodes;
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

/// <summary>Routes that make tokens. What a new token may do lies within what its maker may do, or the request is refused.</summary>
internal static class TokenCreation
{
    private const string AccountName = "synqly-integrations";
    private const int MostAttempts = 3;

    public static void MapTokenCreation(this RouteGroupBuilder tokens)
    {
        tokens.MapPost("", CreateOrganizationToken).Needs("tokens:create").WithMetadata(new MintingRoute(true)).WithName("tokens_create_token")
            .Accepts<CreateTokenRequest>("application/json").Produces<Envelope<RefreshTokenWire>>(StatusCodes.Status201Created);
        tokens.MapPost("/mcp", CreateMcpToken).Needs("tokens:create").WithMetadata(new MintingRoute(true, SingleToken: true))
            .WithName("tokens_create_mcp_token").Accepts<CreateMcpTokenRequest>("application/json")
            .Produces<Envelope<TokenWire>>(StatusCodes.Status201Created);
        tokens.MapPost("/synqly-integrations", CreateSynqlyIntegrationsToken).Needs("tokens:create_synqly_integrations").WithMetadata(new MintingRoute(true))
            .WithName("tokens_create_synqly_integrations_token").Accepts<CreateSynqlyIntegrationsTokenRequest>("application/json")
            .Produces<Envelope<SynqlyIntegrationsToken>>(StatusCodes.Status201Created);
        tokens.MapPost("/{accountId}/{integrationId}", CreateIntegrationToken).Needs("tokens:create_integration")
            .WithMetadata(new MintingRoute(true, SingleToken: true))
            .WithName("tokens_create_integration_token").Accepts<CreateIntegrationTokenRequest>("application/json")
            .Produces<Envelope<TokenWire>>(StatusCodes.Status201Created);
    }

    private static async Task<IResult> CreateOrganizationToken(HttpContext http, TokenGrains tokens, TimeProvider time)
    {
        var (fields, problem) = await ManagementBody.Read(http);
        if (problem is not null)
        {
            return problem;
        }

        if (CreateTokenRequest.Read(fields!) is not { } request)
        {
            return ProblemResults.Invalid(http, fields!.Errors);
        }

        return await Issue(http, tokens, time, TokenProfile.Organization, request.PermissionSet, request.Resources.ToRequest(), command => command with
        {
            Name = request.Name,
            FullName = request.Fullname,
            Ttl = request.TokenTtl,
        });
    }

    /// <summary>An MCP server gets the token with its scope as claims, and asks by introspection whether it stands.</summary>
    private static async Task<IResult> CreateMcpToken(HttpContext http, IGrainFactory grains, TokenGrains tokens, TimeProvider time)
    {
        var (fields, problem) = await ManagementBody.Read(http);
        if (problem is not null)
        {
            return problem;
        }

        if (CreateMcpTokenRequest.Read(fields!) is not { } request)
        {
            return ProblemResults.Invalid(http, fields!.Errors);
        }

        Guid? account = null;
        if (request.Scope.AccountId is { } idOrName)
        {
            if (await FindAccount(http, grains, idOrName, "accounts:get") is not { } found)
            {
                return ProblemResults.NotFound(http, "account", idOrName);
            }

            account = found.Id;
        }

        // An account wins over an environment.
        var resources = new ResourceRequest(Accounts: account is { } id ? (Selection.Of(id.ToString()), Selection.All, Selection.All)
            : request.Scope.Environment is { } environment ? (Selection.All, Selection.All, Selection.Of(environment))
            : null);
        return await Issue(http, tokens, time, TokenProfile.Mcp, request.Scope.PermissionSet, resources, command => command with
        {
            Ttl = request.TokenTtl,
            AccountId = account,
            Claims = new JsonObject { ["scope"] = request.Scope.ToClaim(account) }.ToJsonString(JsonSerializerOptions.Default),
        });
    }

    /// <summary>A token for the connectors of one integration. It may do nothing in the Management API.</summary>
    private static async Task<IResult> CreateIntegrationToken(
        HttpContext http, string accountId, string integrationId, IGrainFactory grains, TokenGrains tokens, TimeProvider time)
    {
        var (fields, problem) = await ManagementBody.Read(http);
        if (problem is not null)
        {
            return problem;
        }

        if (CreateIntegrationTokenRequest.Read(fields!) is not { } request)
        {
            return ProblemResults.Invalid(http, fields!.Errors);
        }

        var bearer = http.Bearer();
        if (await FindAccount(http, grains, accountId, "tokens:create_integration") is not { } account)
        {
            return ProblemResults.NotFound(http, "account", accountId);
        }

        var read = new ReadResource { OrganizationId = bearer.OrganizationId };
        if (await grains.FindResource(bearer.OrganizationId, "integration", integrationId) is not { } id
            || (await grains.GetGrain<IIntegrationGrain>(id.ToString()).Get(read)).Resource is not { Content.Integration: { } integration }
            || integration.AccountId != account.Id
            || !bearer.Caller.Grant.Covers("tokens:create_integration", account.ToTarget(integration.Category)))
        {
            return ProblemResults.NotFound(http, "integration", integrationId);
        }

        var call = http.Features.Get<IdempotentCall>();
        var tokenId = call?.DerivedId ?? SecretMint.NewTokenId(time);
        var minted = SecretMint.Mint(TokenProfile.Integration, tokenId);
        var command = new IssueToken
        {
            Context = http.NewCommand(call?.Seal(minted, tokenId)),
            Profile = TokenProfile.Integration.Name,
            OrganizationId = bearer.OrganizationId,
            MemberId = bearer.Caller.MemberId,
            IntegrationId = id.ToString(),
            AccountId = account.Id,
            Name = request.Name,
            Ttl = request.TokenTtl,
            Actions = [],
            Resources = Attenuation.Of(bearer.Caller.Grant, ActionSet.None, new ResourceRequest()).Resources,
            Secrets = minted.ToMinted(),
        };
        return TokenAnswers.Minted(http, await tokens.Issue(http, tokenId, command), minted);
    }

    /// <summary>
    /// A token that manages the integrations of one account, which is made for it where the organization has none yet: the account named
    /// <c>synqly-integrations</c>.
    /// </summary>
    private static async Task<IResult> CreateSynqlyIntegrationsToken(HttpContext http, IGrainFactory grains, TokenGrains tokens, TimeProvider time)
    {
        var (fields, problem) = await ManagementBody.Read(http);
        if (problem is not null)
        {
            return problem;
        }

        if (CreateSynqlyIntegrationsTokenRequest.Read(fields!) is not { } request)
        {
            return ProblemResults.Invalid(http, fields!.Errors);
        }

        var organization = http.Bearer().OrganizationId;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var account = await grains.FindResource(organization, "account", AccountName);
            var id = account ?? Guid.CreateVersion7(time.GetUtcNow());
            var resources = new ResourceRequest(Accounts: (Selection.Of(id.ToString()), Selection.All, Selection.All));
            var answer = await Issue(
                http, tokens, time, TokenProfile.SynqlyIntegrations, PermissionSets.AccountManager, resources,
                command => command with { Ttl = request.TokenTtl, AccountId = id },
                account is null ? (token, command) => MakeWithAccount(http, grains, id, token, command) : null);
            if (answer is not null)
            {
                return answer;
            }
        }

        return ProblemResults.Conflict(http, "changed-meanwhile", "The account of such integrations is being changed; try again.");
    }

    /// <summary>The account and the token, both or neither; null where somebody else made the account meanwhile.</summary>
    private static async Task<TokenAnswer?> MakeWithAccount(
        HttpContext http, IGrainFactory grains, Guid account, TokenId token, IssueToken issue)
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
        return (await http.Command(() => grains.GetGrain<IAccountGrain>(account.ToString()).CreateWithToken(command))).Token;
    }

    /// <summary>The account in a path or scope, where the bearer may do something in it.</summary>
    private static async Task<Resource?> FindAccount(HttpContext http, IGrainFactory grains, string idOrName, string action)
    {
        var bearer = http.Bearer();
        return await grains.FindResource(bearer.OrganizationId, "account", idOrName) is { } id
            && (await grains.GetGrain<IAccountGrain>(id.ToString()).Get(new ReadResource { OrganizationId = bearer.OrganizationId })).Resource is { } account
            && bearer.Caller.Grant.Covers(action, account.ToTarget())
                ? account
                : null;
    }

    private static async Task<IResult> Issue(
        HttpContext http, TokenGrains tokens, TimeProvider time, TokenProfile profile, string permissionSet, ResourceRequest resources,
        Func<IssueToken, IssueToken> describe) =>
        await Issue(http, tokens, time, profile, permissionSet, resources, describe, make: null)
        ?? throw new InvalidOperationException("a token that is made alone is made or refused");

    /// <param name="http">the request</param>
    /// <param name="tokens">makes the token by itself</param>
    /// <param name="time">the clock</param>
    /// <param name="profile">what kind of token it is</param>
    /// <param name="permissionSet">what it may do</param>
    /// <param name="resources">to what it is narrowed</param>
    /// <param name="describe">adds to the command</param>
    /// <param name="make">makes it with something else; it may answer null where it has to be tried again</param>
    private static async Task<IResult?> Issue(
        HttpContext http, TokenGrains tokens, TimeProvider time, TokenProfile profile, string permissionSet, ResourceRequest resources,
        Func<IssueToken, IssueToken> describe, Func<TokenId, IssueToken, Task<TokenAnswer?>>? make)
    {
        var bearer = http.Bearer();
        var attenuation = Attenuation.Of(bearer.Caller.Grant, PermissionSets.ActionsOf(permissionSet), resources);
        if (!attenuation.Allowed)
        {
            return ProblemResults.TooMuch(http, attenuation.TooMuch);
        }

        var call = http.Features.Get<IdempotentCall>();
        var id = call?.DerivedId ?? SecretMint.NewTokenId(time);
        var minted = SecretMint.Mint(profile, id);
        var command = describe(new IssueToken
        {
            Context = http.NewCommand(call?.Seal(minted, id)),
            Profile = profile.Name,
            OrganizationId = bearer.OrganizationId,
            MemberId = bearer.Caller.MemberId,
            PermissionSet = permissionSet,
            Resources = attenuation.Resources,
            Secrets = minted.ToMinted(),
        });
        var answer = make is null ? await tokens.Issue(http, id, command) : await make(id, command);
        return answer is null ? null : TokenAnswers.Minted(http, answer, minted);
    }
}
