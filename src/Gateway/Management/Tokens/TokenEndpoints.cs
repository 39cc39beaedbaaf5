using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary>
/// The token operations of the Management API, apart from those that create (<see cref="TokenCreation"/>) and list.
/// </summary>
internal static class TokenEndpoints
{
    private static readonly MintingRoute Renewing = new(Creates: false, TokenAnswers.Renewed);

    public static void MapTokens(this RouteGroupBuilder v1)
    {
        var tokens = v1.MapGroup("/tokens").WithTags("tokens").AcceptsJsonOnly()
            .AddEndpointFilter<IdempotencyFilter>().AddEndpointFilter<BearerFilter>()
            .AddEndpointFilter<RequestFilter>()
            .Fails<Problem, RouteGroupBuilder>(400, 401, 402, 403, 404, 409, 415, 429, 503);
        tokens.MapTokenCreation();
        tokens.MapGet("", TokenListing.List).Needs("tokens:list").WithName("tokens_list");
        tokens.MapGet("/{refreshTokenId}/info", Info).Needs(null).WithName("tokens_get");
        tokens.MapDelete("/{refreshTokenId}", Delete).Needs(null).WithName("tokens_delete");
        tokens.MapDelete("/{refreshTokenId}/secondary", RemoveSecondary).Needs("tokens:remove_secondary")
            .WithName("tokens_remove_secondary");
        tokens.MapPut("/{ownerId}/{refreshTokenId}/reset", Reset).Needs("tokens:reset").WithMetadata(Renewing)
            .WithName("tokens_reset");
        tokens.MapPut("/{ownerId}/{refreshTokenId}/rotate", Rotate).Needs("tokens:rotate").WithMetadata(Renewing)
            .WithName("tokens_rotate");

        // A refresh authenticates by the refresh secret itself, so it stands outside the filter that asks for an access
        // secret.
        v1.MapPut("/tokens/{refreshTokenId}/refresh", TokenRefresh.Refresh).AddEndpointFilter<IdempotencyFilter>()
            .AddEndpointFilter<RequestFilter>().WithTags("tokens")
            .WithMetadata(Renewing).WithName("tokens_refresh");
    }

    /// <summary>
    /// A token may always see itself; others need the permission, and see their own member's or, as administrators,
    /// all.
    /// </summary>
    private static async Task<Results<JsonOk<Envelope<RefreshTokenWire>>, Refusal>> Info(
        ApiRequest request, string refreshTokenId, TokenLookup lookup)
    {
        var bearer = request.Bearer;
        var id = await lookup.Find(bearer.OrganizationId, refreshTokenId);
        if (id != bearer.Caller.TokenId && !bearer.May("tokens:get"))
        {
            return Problems.Forbidden("tokens:get");
        }

        return id is { } known && await lookup.View(bearer.Caller, known) is { } token
            && (bearer.AdministersTokens || token.MemberId == bearer.Caller.MemberId)
                ? new JsonOk<Envelope<RefreshTokenWire>>(
                    new(RefreshTokenWire.From(token, null)), TokenJson.Wire.EnvelopeRefreshTokenWire)
                : Problems.NotFound("token", refreshTokenId);
    }

    /// <summary>A token may always delete itself.</summary>
    private static async Task<Results<NoContent, Refusal>> Delete(
        ApiRequest request, string refreshTokenId, TokenLookup lookup, IGrainFactory grains)
    {
        var bearer = request.Bearer;
        var found = await lookup.Find(bearer.OrganizationId, refreshTokenId);
        if (found != bearer.Caller.TokenId && !bearer.May("tokens:delete"))
        {
            return Problems.Forbidden("tokens:delete");
        }

        if (found is not { } id)
        {
            return Problems.NotFound("token", refreshTokenId);
        }

        var command = new ChangeToken { Context = request.NewCommand() };
        return TokenAnswers.Empty(
            await request.Command(() => grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Delete(command)), refreshTokenId);
    }

    private static async Task<Results<NoContent, Refusal>> RemoveSecondary(
        ApiRequest request, string refreshTokenId, TokenLookup lookup, IGrainFactory grains)
    {
        if (await lookup.Find(request.Bearer.OrganizationId, refreshTokenId) is not { } id)
        {
            return Problems.NotFound("token", refreshTokenId);
        }

        var command = new ChangeToken { Context = request.NewCommand() };
        return TokenAnswers.Empty(
            await request.Command(() => grains.GetGrain<IRefreshTokenGrain>(id.ToString()).RemoveSecondary(command)), refreshTokenId);
    }

    private static Task<Results<JsonOk<Envelope<RefreshTokenWire>>, Refusal>> Reset(
        ApiRequest request, string ownerId, string refreshTokenId, TokenLookup lookup, IGrainFactory grains) =>
        Renew(request, ownerId, refreshTokenId, lookup, grains, (grain, command) => grain.Reset(command));

    private static Task<Results<JsonOk<Envelope<RefreshTokenWire>>, Refusal>> Rotate(
        ApiRequest request, string ownerId, string refreshTokenId, TokenLookup lookup, IGrainFactory grains) =>
        Renew(request, ownerId, refreshTokenId, lookup, grains, (grain, command) => grain.Rotate(command));

    /// <summary>Reset, rotate and an administrator's refresh: mint, ask the grain, answer with the new pair.</summary>
    public static async Task<Results<JsonOk<Envelope<RefreshTokenWire>>, Refusal>> Renew(
        ApiRequest request, string? ownerId, string refreshTokenId, TokenLookup lookup, IGrainFactory grains,
        Func<IRefreshTokenGrain, RenewToken, Task<TokenAnswer>> command)
    {
        var organization = request.Bearer.OrganizationId;
        if (await lookup.Find(organization, refreshTokenId) is not { } id
            || await lookup.View(organization, id) is not { } view
            || (ownerId is not null && !await lookup.IsOwner(organization, ownerId, view)))
        {
            return Problems.NotFound("token", refreshTokenId);
        }

        var minted = SecretMint.Mint(TokenProfile.Named(view.Profile).Renewed, id);
        var renew = new RenewToken
        {
            Context = request.NewCommand(request.Idempotent?.Seal(minted, id)),
            Secrets = minted.ToMinted(),
            OwnerId = ownerId is null ? null : view.OwnerId,
        };
        var answer = await request.Command(() => command(grains.GetGrain<IRefreshTokenGrain>(id.ToString()), renew));
        return TokenAnswers.Minted(request, answer, minted, TokenAnswers.Renewed);
    }
}
