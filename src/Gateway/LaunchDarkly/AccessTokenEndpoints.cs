using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Facades;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.LaunchDarkly;

/// <summary><c>/api/v2/tokens</c>: the six operations on access tokens.</summary>
internal static class AccessTokenEndpoints
{
    public static void MapAccessTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/api/v2/tokens").WithTags("Access tokens").WithGroupName("launchdarkly")
            .AddEndpointFilter<FacadeFilter<LaunchDarklyApi>>().AddEndpointFilter(RateHeaders.Show)
            .AddEndpointFilter<FacadeRequestFilter<LaunchDarklyApi>>()
            .Fails<LaunchDarklyError, RouteGroupBuilder>(400, 401, 402, 403, 404, 409, 422, 429, 503);
        tokens.MapGet("", AccessTokenListing.List).WithName("launchdarkly_list")
            .Asks("showAll", JsonSchemaType.Boolean, "for an admin: also other members' personal tokens")
            .Asks("limit", JsonSchemaType.Integer, "25 unless the API version is older than 20240415")
            .Asks("offset", JsonSchemaType.Integer, "from 0");
        tokens.MapPost("", Create).WithMetadata(new MintingRoute(Creates: true, LaunchDarklyApi.Created))
            .WithName("launchdarkly_create");
        tokens.MapGet("/{id}", Get).WithName("launchdarkly_get");
        tokens.MapPatch("/{id}", AccessTokenPatching.Patch).WithName("launchdarkly_patch")
            .Reads<IReadOnlyList<PatchOperationWire>>();
        tokens.MapDelete("/{id}", Delete).WithName("launchdarkly_delete");
        tokens.MapPost("/{id}/reset", Reset).WithMetadata(new MintingRoute(Creates: false, Renewed))
            .WithName("launchdarkly_reset").WithMetadata(new IgnoredBody())
            .Asks(
                "expiry", JsonSchemaType.Integer,
                "until when the former secret is accepted, in milliseconds since 1970");
    }

    /// <summary>The token, where the bearer may see it, or may do to it what it asks for.</summary>
    public static async Task<Outcome<TokenView>> Find(
        ApiRequest request, LaunchDarklyApi api, IGrainFactory grains, AccessTokenRights rights, string? action)
    {
        var token = api.IdOf(request) is { } id
            ? (await Grain(grains, id).Get(request.Bearer.OrganizationId)).Token
            : null;
        if (token is null || token.Profile != TokenProfile.AccessToken.Name)
        {
            return api.Error(ApiError.NotFound);
        }

        if (rights.May(action, token) && (action is not null || rights.Sees(token)))
        {
            return await PresentRoles.Of(token, grains, request.Aborted);
        }

        return api.Error(
            rights.Sees(token) ? ApiError.Forbidden($"the bearer may not {action} on this token") : ApiError.NotFound);
    }

    public static IRefreshTokenGrain Grain(IGrainFactory grains, TokenId id) =>
        grains.GetGrain<IRefreshTokenGrain>(id.ToString());

    private static async Task<Results<JsonCreated<AccessTokenWire>, Refusal>> Create(
        ApiRequest request, Body<AccessTokenDetails> body, LaunchDarklyApi api, TokenGrains tokens, TimeProvider time)
    {
        var details = body.Value;
        var bearer = request.Bearer;
        var rights = new AccessTokenRights(bearer);
        if (!rights.MayCreate(details))
        {
            return api.Error(ApiError.Forbidden($"the bearer may not {AccessTokenActions.Create}"));
        }

        if (!rights.MayGive(details) || Inherited(bearer, details) is not { } resources)
        {
            return api.Error(ApiError.Of(TokenRefusal.BeyondGrant));
        }

        var id = api.NewId(request, time);
        var minted = SecretMint.Mint(TokenProfile.AccessToken, id);
        var command = new IssueToken
        {
            Context = request.NewCommand(request.Idempotent?.Seal(minted, id)),
            Profile = TokenProfile.AccessToken.Name,
            OrganizationId = bearer.OrganizationId,
            MemberId = bearer.Caller.MemberId,
            FullName = details.Name ?? "",
            Roles = [.. details.CustomRoleIds ?? []],
            Actions = details.Actions is { } actions ? [.. actions.Names()] : (ImmutableArray<string>?)null,
            Resources = resources,
            Claims = details.ToClaims(),
            Independent = details.ServiceToken,
            Secrets = minted.ToMinted(),
        };
        return api.Answer(request, await tokens.Issue(request, id, command), minted, LaunchDarklyApi.Created);
    }

    private static async Task<Results<JsonOk<AccessTokenWire>, Refusal>> Get(
        ApiRequest request, LaunchDarklyApi api, IGrainFactory grains)
    {
        var rights = new AccessTokenRights(request.Bearer);
        if (!rights.MayList)
        {
            return api.Error(ApiError.Forbidden("the bearer does not have the permission tokens:list"));
        }

        var token = await Find(request, api, grains, rights, action: null);
        return token.IsSuccess ? LaunchDarklyApi.Ok(token.Value) : token.Refusal;
    }

    private static async Task<Results<NoContent, Refusal>> Delete(
        ApiRequest request, LaunchDarklyApi api, IGrainFactory grains)
    {
        var token = await Find(request, api, grains, new AccessTokenRights(request.Bearer), AccessTokenActions.Delete);
        if (!token.IsSuccess)
        {
            return token.Refusal;
        }

        var command = new ChangeToken { Context = request.NewCommand() };
        var answer = await request.Command(() => Grain(grains, token.Value.Id).Delete(command));
        return answer.Refusal is { } refusal ? api.Error(ApiError.Of(refusal)) : TypedResults.NoContent();
    }

    /// <summary>
    /// The former secret ends now, or at <c>expiry</c> in milliseconds since 1970. A body is ignored, whatever its
    /// type: LaunchDarkly's own server does so, and clients of it send one.
    /// </summary>
    private static async Task<Results<JsonOk<AccessTokenWire>, Refusal>> Reset(
        ApiRequest request, LaunchDarklyApi api, IGrainFactory grains)
    {
        DateTimeOffset? deadline = null;
        if (request.Http.Request.Query.TryGetValue("expiry", out var values))
        {
            if (values is not [var text] || !long.TryParse(
                text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
                || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
                    || (milliseconds > 0 && milliseconds < Milliseconds.Earliest))
            {
                return api.Error(ApiError.Invalid(
                    "expiry must be a time in milliseconds since 1970, and not before the year 2000", "expiry"));
            }

            deadline = milliseconds > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
        }

        var token = await Find(request, api, grains, new AccessTokenRights(request.Bearer), AccessTokenActions.Reset);
        if (!token.IsSuccess)
        {
            return token.Refusal;
        }

        var id = token.Value.Id;
        var minted = SecretMint.Mint(TokenProfile.AccessToken, id);
        var command = new RenewToken
        {
            Context = request.NewCommand(request.Idempotent?.Seal(minted, id)),
            Secrets = minted.ToMinted(),
            Deadline = deadline,
        };
        var answer = await request.Command(() => Grain(grains, id).Replace(command));

        // Nobody is asked after the commit: the answer holds the only copy of the secret.
        var shown = answer.Token is { } renewed
            ? answer with { Token = renewed with { Claims = token.Value.Claims } }
            : answer;
        return api.Answer(request, shown, minted, Renewed);
    }

    private static JsonOk<AccessTokenWire> Renewed(TokenView token, SecretPair? secrets) =>
        LaunchDarklyApi.Ok(token, secrets);

    /// <summary>
    /// The resources that a token with such rights inherits; null where the bearer does not have the rights itself.
    /// </summary>
    public static Resources? Inherited(Bearer bearer, AccessTokenDetails details) =>
        details.Actions is { } actions
            ? Attenuation.Of(bearer.Caller.Grant, actions, new ResourceRequest()).Resources
            : Resources.All;
}
