using System.Collections.Immutable;
using System.Globalization;
using Microsoft.OpenApi;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.LaunchDarkly;
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
            .AddEndpointFilter<FacadeFilter<LaunchDarklyApi>>()
            .Fails<LaunchDarklyError, RouteGroupBuilder>(400, 401, 402, 403, 404, 409, 422, 429, 503);
        tokens.MapGet("", AccessTokenListing.List).WithName("launchdarkly_list")
            .Asks("showAll", JsonSchemaType.Boolean, "for an admin: also other members' personal tokens")
            .Asks("limit", JsonSchemaType.Integer, "25 unless the API version is older than 20240415")
            .Asks("offset", JsonSchemaType.Integer, "from 0").Produces<AccessTokensWire>();
        tokens.MapPost("", Create).WithMetadata(new MintingRoute(true)).WithName("launchdarkly_create")
            .Reads<AccessTokenDetails>().Produces<AccessTokenWire>(StatusCodes.Status201Created);
        tokens.MapGet("/{id}", Get).WithName("launchdarkly_get").Produces<AccessTokenWire>();
        tokens.MapPatch("/{id}", AccessTokenPatching.Patch).WithName("launchdarkly_patch")
            .Reads<IReadOnlyList<PatchOperationWire>>().Produces<AccessTokenWire>();
        tokens.MapDelete("/{id}", Delete).WithName("launchdarkly_delete").Produces(StatusCodes.Status204NoContent);
        tokens.MapPost("/{id}/reset", Reset).WithMetadata(new MintingRoute(false)).WithName("launchdarkly_reset")
            .Asks("expiry", JsonSchemaType.Integer, "until when the former secret is accepted, in milliseconds since 1970").Produces<AccessTokenWire>();
    }

    /// <summary>The token, where the bearer may see it, or may do to it what it asks for.</summary>
    public static async Task<(TokenView? Token, ApiError? Error)> Find(
        HttpContext http, LaunchDarklyApi api, IGrainFactory grains, AccessTokenRights rights, string? action)
    {
        var token = api.IdOf(http) is { } id ? (await Grain(grains, id).Get(http.Bearer().OrganizationId)).Token : null;
        if (token is null || token.Profile != TokenProfile.AccessToken.Name)
        {
            return (null, ApiError.NotFound);
        }

        var may = action is null || rights.May(action, token);
        return rights.Sees(token)
            ? may ? (token, null) : (null, ApiError.Forbidden($"the bearer may not {action} on this token"))
            : action is not null && may ? (token, null) : (null, ApiError.NotFound);
    }

    public static IRefreshTokenGrain Grain(IGrainFactory grains, TokenId id) => grains.GetGrain<IRefreshTokenGrain>(id.ToString());

    private static async Task<IResult> Create(HttpContext http, LaunchDarklyApi api, TokenGrains tokens)
    {
        var (fields, error) = RequestBody.Parse(await http.Body());
        if (error is not null || AccessTokenDetails.Read(fields!) is not { } details)
        {
            return api.Error(http, ApiError.Invalid(error is null ? fields!.Errors : [error]));
        }

        var bearer = http.Bearer();
        var rights = new AccessTokenRights(bearer);
        if (!rights.MayCreate(details))
        {
            return api.Error(http, ApiError.Forbidden($"the bearer may not {AccessTokenActions.Create}"));
        }

        if (!rights.MayGive(details) || Inherited(bearer, details) is not { } resources)
        {
            return api.Error(http, ApiError.Of(TokenRefusal.BeyondGrant));
        }

        var id = api.NewId(http);
        var minted = SecretMint.Mint(TokenProfile.AccessToken, id);
        var command = new IssueToken
        {
            Context = http.NewCommand(http.Features.Get<IdempotentCall>()?.Seal(minted, id)),
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
        return api.Answer(http, await tokens.Issue(http, id, command), minted, created: true);
    }

    private static async Task<IResult> Get(HttpContext http, LaunchDarklyApi api, IGrainFactory grains)
    {
        var rights = new AccessTokenRights(http.Bearer());
        if (!rights.MayList)
        {
            return api.Error(http, ApiError.Forbidden("the bearer does not have the permission tokens:list"));
        }

        var (token, error) = await Find(http, api, grains, rights, action: null);
        return error is null ? api.Show(http, token!, null, created: false) : api.Error(http, error);
    }

    private static async Task<IResult> Delete(HttpContext http, LaunchDarklyApi api, IGrainFactory grains)
    {
        var (token, error) = await Find(http, api, grains, new AccessTokenRights(http.Bearer()), AccessTokenActions.Delete);
        if (error is not null)
        {
            return api.Error(http, error);
        }

        var command = new ChangeToken { Context = http.NewCommand() };
        var answer = await http.Command(() => Grain(grains, token!.Id).Delete(command));
        return answer.Refusal is { } refusal ? api.Error(http, ApiError.Of(refusal)) : TypedResults.NoContent();
    }

    /// <summary>The former secret ends now, or at <c>expiry</c> in milliseconds since 1970. A body is ignored, whatever its type.</summary>
    private static async Task<IResult> Reset(HttpContext http, LaunchDarklyApi api, IGrainFactory grains)
    {
        DateTimeOffset? deadline = null;
        if (http.Request.Query.TryGetValue("expiry", out var values))
        {
            if (values is not [var text] || !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
                || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            {
                return api.Error(http, ApiError.Invalid("expiry must be a time in milliseconds since 1970", "expiry"));
            }

            deadline = milliseconds > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
        }

        var (token, error) = await Find(http, api, grains, new AccessTokenRights(http.Bearer()), AccessTokenActions.Reset);
        if (error is not null)
        {
            return api.Error(http, error);
        }

        var minted = SecretMint.Mint(TokenProfile.AccessToken, token!.Id);
        var command = new RenewToken
        {
            Context = http.NewCommand(http.Features.Get<IdempotentCall>()?.Seal(minted, token.Id)),
            Secrets = minted.ToMinted(),
            Deadline = deadline,
        };
        return api.Answer(http, await http.Command(() => Grain(grains, token.Id).Replace(command)), minted);
    }

    /// <summary>The resources that a token with such rights inherits; null where the bearer does not have the rights itself.</summary>
    public static Resources? Inherited(Bearer bearer, AccessTokenDetails details) =>
        details.Actions is { } actions ? Attenuation.Of(bearer.Caller.Grant, actions, new ResourceRequest()).Resources : Resources.All;
}
