using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Gateway.Management;
using TokenActors.Gateway.OAuth;
using TokenActors.Gateway.Previews;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Abstractions.Usage;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary><c>/lifecycle/v1/tokens</c>: what can be asked about tokens of every kind.</summary>
internal static class TokenRoutes
{
    private const string Reading = "tokens:get";
    private const string Organization = "organization";
    private const string Accounts = "account/";
    private const string Integrations = "integration/";

    public static void MapTokens(this RouteGroupBuilder lifecycle)
    {
        var tokens = lifecycle.MapGroup("/tokens").WithTags("tokens").CanBePreviewed();
        tokens.MapNewToken();
        tokens.MapTokenCommands();
        tokens.MapTokenPatch();
        tokens.MapTokenUsage();
        tokens.MapGet("", List).Needs("tokens:list").WithName("lifecycle_tokens_list")
            .WithSummary("List tokens of every kind");
        tokens.MapGet("/{tokenId}", Get).Needs(Reading).WithName("lifecycle_tokens_get")
            .WithSummary("Read a token").TellsTag();
        tokens.MapGet("/{tokenId}/descendants", Descendants).Needs(Reading).WithName("lifecycle_tokens_descendants")
            .WithSummary("List what was made with a token");
        tokens.MapGet("/{tokenId}/can", Can).Needs(Reading).WithName("lifecycle_tokens_can")
            .WithSummary("Ask whether a token may do something, and which clause says so")
            .Asks("action", JsonSchemaType.String, "an action, such as accounts:get")
            .Asks("resource", JsonSchemaType.String, "organization (default), account/{id or name} or integration/{id}")
            .Asks("client_ip", JsonSchemaType.String, "from where it would be done; absent: not asked");
    }

    /// <summary>
    /// An administrator's list holds all tokens of its organization, others' those of their own member; a narrowed
    /// bearer sees what its grant reaches.
    /// </summary>
    private static Task<Results<JsonOk<LifecycleTokenPage>, Refusal>> List(
        ApiRequest request, TokenListQuery query, LifecycleApi api, IGrainFactory grains, TimeProvider time) =>
        Page(request, query.Request, api, grains, time);

    private static async Task<Results<JsonOk<LifecycleToken>, Refusal>> Get(
        ApiRequest request, string tokenId, LifecycleApi api, IGrainFactory grains, TimeProvider time)
    {
        if (await Find(request, grains, tokenId) is not { } token)
        {
            return api.Error(ApiError.NotFound);
        }

        var uses = await grains.GetGrain<ITokenUsageGrain>("0").LastUses([token.Id], request.Aborted);
        request.Http.Response.Headers.ETag = LifecycleToken.TagOf(token);
        return new JsonOk<LifecycleToken>(
            LifecycleToken.From(token, time.GetUtcNow(), use: uses is [var use] ? use : null), LifecycleTokenJson.Wire.LifecycleToken);
    }

    /// <summary>What was made with a token, with what was made with it, and so on: <c>parent_id</c> tells the
    /// tree.</summary>
    private static async Task<Results<JsonOk<LifecycleTokenPage>, Refusal>> Descendants(
        ApiRequest request, string tokenId, TokenListQuery query, LifecycleApi api, IGrainFactory grains, TimeProvider time) =>
        await Find(request, grains, tokenId) is { } token
            ? await Page(request, query.Request with { Below = token.Id }, api, grains, time)
            : api.Error(ApiError.NotFound);

    /// <summary>Answered by the same rules that decide when the token is used.</summary>
    private static async Task<Results<JsonOk<CanAnswer>, Refusal>> Can(
        ApiRequest request, string tokenId, LifecycleApi api, IGrainFactory grains)
    {
        var query = request.Http.Request.Query;
        if (query["action"] is not [{ } action] || ActionTable.BitOf(action) < 0)
        {
            return api.Error(ApiError.Invalid(
                [new RequestError("action", "query", "must be one of the action table, such as accounts:get")]));
        }

        if (query["resource"].Count > 1)
        {
            return api.Error(ApiError.Invalid([new RequestError("resource", "query", "may be given once")]));
        }

        var client = ClientAddress.Of(query["client_ip"]);
        if (client is { IsReadable: false })
        {
            return api.Error(
                ApiError.Invalid([new RequestError("client_ip", "query", "must be an IP address, given once")]));
        }

        if (await Find(request, grains, tokenId) is not { } token)
        {
            return api.Error(ApiError.NotFound);
        }

        var resource = query["resource"] is [{ } named] ? named : Organization;
        if (await TargetOf(request, grains, resource) is not { } target)
        {
            return api.Error(ApiError.Invalid([new RequestError(
                "resource", "query", "must be organization, account/{id or name} or integration/{id}, and be there")]));
        }

        var answer = await grains.GetGrain<IRefreshTokenGrain>(token.Id.ToString())
            .GetGrant(new SeeToken { Caller = request.Bearer.Caller }, request.Aborted);
        return answer.Refusal is null
            ? new JsonOk<CanAnswer>(Answer(answer, action, resource, target, client), LifecycleTokenJson.Wire.CanAnswer)
            : api.Error(ApiError.NotFound);
    }

    private static async Task<Results<JsonOk<LifecycleTokenPage>, Refusal>> Page(
        ApiRequest request, TokenListRequest query, LifecycleApi api, IGrainFactory grains, TimeProvider time)
    {
        var page = await grains.GetGrain<ICatalogGrain>("0").ListEveryToken(query, request.Aborted);
        if (page.Tokens is not { } tokens)
        {
            return api.Error(ApiError.Invalid([new RequestError("cursor", "query", "is none of this list")]));
        }

        var now = time.GetUtcNow();
        var uses = page.LastUses.ToDictionary(use => use.TokenId);
        var staying = page.Staying.ToHashSet();
        return new JsonOk<LifecycleTokenPage>(
            new([.. tokens.Select(Show)], page.Next), LifecycleTokenJson.Wire.LifecycleTokenPage);

        LifecycleToken Show(TokenView token) => LifecycleToken.From(token, now, use: uses.GetValueOrDefault(token.Id)) with
        {
            EndsWithIt = query.Below is null ? null : !staying.Contains(token.Id),
        };
    }

    /// <summary>The token as the bearer sees it; null alike where there is none and where it is another's.</summary>
    internal static async Task<TokenView?> Find(ApiRequest request, IGrainFactory grains, string id)
    {
        var bearer = request.Bearer;
        return TokenId.TryParse(id, out var known)
            && await See(request, grains, known, Reading) is { } token
            && (bearer.AdministersTokens || token.MemberId == bearer.Caller.MemberId)
                ? token
                : null;
    }

    /// <summary>
    /// The same for a bearer that wants to do something to the token: whoever may do it knows of the token by that,
    /// also where it may not read it.
    /// </summary>
    /// <param name="request">the request</param>
    /// <param name="grains">asks the token</param>
    /// <param name="id">the token</param>
    /// <param name="action">what the bearer needs a permission for</param>
    internal static async Task<TokenView?> FindFor(
        ApiRequest request, IGrainFactory grains, TokenId id, string action) =>
        await See(request, grains, id, action) ?? await Find(request, grains, id.ToString());

    private static async Task<TokenView?> See(ApiRequest request, IGrainFactory grains, TokenId id, string action) =>
        (await grains.GetGrain<IRefreshTokenGrain>(id.ToString())
            .See(new SeeToken { Caller = request.Bearer.Caller, Action = action }, request.Aborted)).Token;

    private static CanAnswer Answer(
        TokenGrantAnswer answer, string action, string resource, ResourceTarget target, ClientAddress? client)
    {
        if (answer.Hindrance is { } hindrance)
        {
            var word = hindrance switch
            {
                TokenRefusal.Disabled => "disabled",
                TokenRefusal.Expired => "expired",
                TokenRefusal.UsedUp => "used_up",
                _ => "owner_gone",
            };
            return new(false, word, null, action, resource);
        }

        if (client?.Address is { } address && !answer.Grant.Addresses.Contains(address))
        {
            return new(false, "outside_addresses", null, action, resource);
        }

        foreach (var (i, clause) in answer.Grant.Clauses.Index())
        {
            if (new Grant([clause]).Covers(action, target))
            {
                var wire = new ClauseWire(
                    i, [.. clause.Actions.Names()], ResourcesWire.From(clause.Resources), answer.Grant.Addresses.Texts);
                return new(true, "clause", wire, action, resource);
            }
        }

        var holds = answer.Grant.Clauses.Any(clause => clause.Actions.Contains(action));
        return new(false, holds ? "resource_not_covered" : "action_missing", null, action, resource);
    }

    /// <summary>What a question is about; null where the bearer sees no such thing.</summary>
    private static async Task<ResourceTarget?> TargetOf(ApiRequest request, IGrainFactory grains, string resource)
    {
        if (resource == Organization)
        {
            return new ResourceTarget(request.Bearer.Organization);
        }

        if (resource.StartsWith(Accounts, StringComparison.Ordinal))
        {
            var account = await grains.FindAccount(request, resource[Accounts.Length..], "accounts:get");
            return account.Value?.ToTarget();
        }

        if (!resource.StartsWith(Integrations, StringComparison.Ordinal)
            || !Guid.TryParseExact(resource[Integrations.Length..], "D", out var id))
        {
            return null;
        }

        var read = new ReadResource { OrganizationId = request.Bearer.OrganizationId, Caller = request.Bearer.Caller };
        return (await grains.GetGrain<IIntegrationGrain>(id.ToString()).Get(read, request.Aborted))
            .Resource?.Content.Integration is { } integration
            && await grains.FindAccount(request.Bearer.OrganizationId, integration.AccountId.ToString(), request.Aborted) is { } owner
                ? owner.ToTarget(integration.Category)
                : null;
    }
}
