using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary>The token operations of the Management API, apart from those that create (<see cref="TokenCreation"/>) and list.</summary>
internal static class TokenEndpoints
{
    public static void MapTokens(this RouteGroupBuilder v1)
    {
        var tokens = v1.MapGroup("/tokens").WithTags("tokens").AddEndpointFilter<IdempotencyFilter>().AddEndpointFilter<BearerFilter>();
        tokens.MapTokenCreation();
        tokens.MapGet("", TokenListing.List).Needs("tokens:list").WithName("tokens_list").Produces<Envelope<IReadOnlyList<RefreshTokenWire>>>();
        tokens.MapGet("/{refreshTokenId}/info", Info).Needs(null).WithName("tokens_get").Produces<Envelope<RefreshTokenWire>>();
        tokens.MapDelete("/{refreshTokenId}", Delete).Needs(null).WithName("tokens_delete").Produces(StatusCodes.Status204NoContent);
        tokens.MapDelete("/{refreshTokenId}/secondary", RemoveSecondary).Needs("tokens:remove_secondary").WithName("tokens_remove_secondary")
            .Produces(StatusCodes.Status204NoContent);
        tokens.MapPut("/{ownerId}/{refreshTokenId}/reset", Reset).Needs("tokens:reset").WithMetadata(new MintingRoute(false))
            .WithName("tokens_reset").Produces<Envelope<RefreshTokenWire>>();
        tokens.MapPut("/{ownerId}/{refreshTokenId}/rotate", Rotate).Needs("tokens:rotate").WithMetadata(new MintingRoute(false))
            .WithName("tokens_rotate").Produces<Envelope<RefreshTokenWire>>();

        // A refresh authenticates by the refresh secret itself, so it stands outside the filter that asks for an access secret.
        v1.MapPut("/tokens/{refreshTokenId}/refresh", TokenRefresh.Refresh).AddEndpointFilter<IdempotencyFilter>().WithTags("tokens")
            .WithMetadata(new MintingRoute(false)).WithName("tokens_refresh").Produces<Envelope<RefreshTokenWire>>();
    }

    /// <summary>A token may always see itself; others need the permission, and see their own member's or, as administrators, all.</summary>
    private static async Task<IResult> Info(HttpContext http, string refreshTokenId, TokenLookup lookup, IGrainFactory grains)
    {
        var bearer = http.Bearer();
        var id = await lookup.Find(bearer.OrganizationId, refreshTokenId);
        if (id != bearer.Caller.TokenId && !bearer.May("tokens:get"))
        {
            return ProblemResults.Forbidden(http, "tokens:get");
        }

        var answer = id is null ? null : await grains.GetGrain<IRefreshTokenGrain>(id.Value.ToString()).Get(bearer.OrganizationId);
        return answer?.Token is { } token && (bearer.AdministersTokens || token.MemberId == bearer.Caller.MemberId)
            ? TypedResults.Json(new Envelope<RefreshTokenWire>(RefreshTokenWire.From(token, null)), TokenJson.Wire.EnvelopeRefreshTokenWire)
            : ProblemResults.NotFound(http, "token", refreshTokenId);
    }

    /// <summary>A token may always delete itself.</summary>
    private static async Task<IResult> Delete(HttpContext http, string refreshTokenId, TokenLookup lookup, IGrainFactory grains)
    {
        var bearer = http.Bearer();
        var id = await lookup.Find(bearer.OrganizationId, refreshTokenId);
        if (id != bearer.Caller.TokenId && !bearer.May("tokens:delete"))
        {
            return ProblemResults.Forbidden(http, "tokens:delete");
        }

        if (id is null)
        {
            return ProblemResults.NotFound(http, "token", refreshTokenId);
        }

        var command = new ChangeToken { Context = http.NewCommand() };
        return TokenAnswers.Empty(
            http, await http.Command(() => grains.GetGrain<IRefreshTokenGrain>(id.Value.ToString()).Delete(command)), refreshTokenId);
    }

    private static async Task<IResult> RemoveSecondary(HttpContext http, string refreshTokenId, TokenLookup lookup, IGrainFactory grains)
    {
        if (await lookup.Find(http.Bearer().OrganizationId, refreshTokenId) is not { } id)
        {
            return ProblemResults.NotFound(http, "token", refreshTokenId);
        }

        var command = new ChangeToken { Context = http.NewCommand() };
        return TokenAnswers.Empty(
            http, await http.Command(() => grains.GetGrain<IRefreshTokenGrain>(id.ToString()).RemoveSecondary(command)), refreshTokenId);
    }

    private static Task<IResult> Reset(HttpContext http, string ownerId, string refreshTokenId, TokenLookup lookup, IGrainFactory grains) =>
        Renew(http, ownerId, refreshTokenId, lookup, grains, (grain, command) => grain.Reset(command));

    private static Task<IResult> Rotate(HttpContext http, string ownerId, string refreshTokenId, TokenLookup lookup, IGrainFactory grains) =>
        Renew(http, ownerId, refreshTokenId, lookup, grains, (grain, command) => grain.Rotate(command));

    /// <summary>Reset, rotate and an administrator's refresh: mint, ask the grain, answer with the new pair.</summary>
    public static async Task<IResult> Renew(
        HttpContext http, string? ownerId, string refreshTokenId, TokenLookup lookup, IGrainFactory grains,
        Func<IRefreshTokenGrain, RenewToken, Task<TokenAnswer>> command)
    {
        var organization = http.Bearer().OrganizationId;
        if (await lookup.Find(organization, refreshTokenId) is not { } id
            || await lookup.View(organization, id) is not { } view
            || (ownerId is not null && !await lookup.IsOwner(organization, ownerId, view)))
        {
            return ProblemResults.NotFound(http, "token", refreshTokenId);
        }

        var minted = SecretMint.Mint(TokenProfile.Named(view.Profile), id);
        var renew = new RenewToken
        {
            Context = http.NewCommand(http.Features.Get<IdempotentCall>()?.Seal(minted, id)),
            Secrets = minted.ToMinted(),
            OwnerId = ownerId is null ? null : view.OwnerId,
        };
        var answer = await http.Command(() => command(grains.GetGrain<IRefreshTokenGrain>(id.ToString()), renew));
        return TokenAnswers.Minted(http, answer, minted);
    }
}

/// <summary>Finds tokens by what stands in a path: the id first, then the name.</summary>
internal sealed class TokenLookup(IGrainFactory grains)
{
    public async ValueTask<TokenId?> Find(OrganizationId organization, string idOrName) =>
        TokenId.TryParse(idOrName, out var id)
            ? id
            : idOrName.Length > Domain.Naming.Slug.MaxLength || !Domain.Lists.StorableText.Is(idOrName)
                ? null
                : await grains.GetGrain<Grains.Abstractions.Catalog.ICatalogGrain>("0").FindToken(organization, idOrName);

    public async Task<TokenView?> View(OrganizationId organization, TokenId id) =>
        (await grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Get(organization)).Token;

    /// <summary>Whether a path's owner, by id or name, is the token's.</summary>
    public async ValueTask<bool> IsOwner(OrganizationId organization, string idOrName, TokenView token) =>
        string.Equals(idOrName, token.OwnerId, StringComparison.OrdinalIgnoreCase)
        || (token.OwnerType == TokenOwnerType.Organization
            && await grains.GetGrain<IOrganizationGrain>(organization.ToString()).Get() is { } owner
            && string.Equals(idOrName, owner.Name, StringComparison.OrdinalIgnoreCase));
}
