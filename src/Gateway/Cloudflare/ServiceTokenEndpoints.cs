using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Facades;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Cloudflare;

/// <summary>
/// <c>/client/v4/accounts/{account_id}/access/service_tokens</c>: the seven operations on service tokens; five of them
/// also under <c>/client/v4/zones/{zone_id}</c>.
/// </summary>
internal static class ServiceTokenEndpoints
{
    /// <summary>By how much a refresh extends, as Cloudflare documents it.</summary>
    private static readonly GoDuration Extension = TokenProfile.ServiceToken.DefaultTtl;

    private static readonly MintingRoute Renewing = new(Creates: false, Renewed);

    public static void MapServiceTokens(this IEndpointRouteBuilder routes)
    {
        var ofAccount = routes.MapServiceTokens("/client/v4/accounts/{accountId}/access/service_tokens", "cloudflare");
        ofAccount.MapPost("/{serviceTokenId}/refresh", Refresh).Needs("tokens:refresh").WithName("cloudflare_refresh");
        ofAccount.MapPost("/{serviceTokenId}/rotate", Rotate).Needs("tokens:rotate").WithMetadata(Renewing)
            .WithName("cloudflare_rotate");
        routes.MapServiceTokens("/client/v4/zones/{zoneId}/access/service_tokens", "cloudflare_zone");
    }

    /// <summary>The five operations that accounts and zones share.</summary>
    private static RouteGroupBuilder MapServiceTokens(this IEndpointRouteBuilder routes, string path, string operation)
    {
        var tokens = routes.MapGroup(path).WithTags("service tokens").WithGroupName("cloudflare")
            .AddEndpointFilter<FacadeFilter<CloudflareApi>>().AddEndpointFilter(InAccount)
            .AddEndpointFilter<FacadeRequestFilter<CloudflareApi>>()
            .Fails<CloudflareEnvelope<ServiceTokenWire>, RouteGroupBuilder>(400, 401, 402, 403, 404, 409, 429, 503);
        tokens.MapPost("", Create).Needs("tokens:create")
            .WithMetadata(new MintingRoute(Creates: true, CloudflareApi.Created))
            .WithName($"{operation}_create");
        tokens.MapGet("", ServiceTokenListing.List).Needs("tokens:list").WithName($"{operation}_list")
            .Asks("name", JsonSchemaType.String, "the whole name")
            .Asks("search", JsonSchemaType.String, "part of the name, in any letter case")
            .Asks("page", JsonSchemaType.Integer, "from 1").Asks("per_page", JsonSchemaType.Integer, "1 to 1000");
        tokens.MapGet("/{serviceTokenId}", Get).Needs("tokens:get").WithName($"{operation}_get");
        tokens.MapPut("/{serviceTokenId}", Update).Needs("tokens:rotate").WithMetadata(Renewing)
            .WithName($"{operation}_update");
        tokens.MapDelete("/{serviceTokenId}", Delete).Needs("tokens:delete").WithName($"{operation}_delete");
        return tokens;
    }

    /// <summary>
    /// Unknown and foreign accounts look alike; what is no id at all has no route. A zone is the organization that the
    /// operator says, or that of its id.
    /// </summary>
    private static async ValueTask<object?> InAccount(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = ApiRequest.Of(context.HttpContext);
        var isZone = request.Path("zoneId") is { Length: > 0 };
        if (!Guid.TryParse(request.Path(isZone ? "zoneId" : "accountId"), out var account))
        {
            return CloudflareErrors.Result(
                new ApiError(StatusCodes.Status404NotFound, ApiErrorKind.NoRoute, "no such account"));
        }

        var zones = request.Http.RequestServices.GetRequiredService<GatewayOptions>().Zones;
        return (isZone ? zones.GetValueOrDefault(account, account) : account) == request.Bearer.OrganizationId.Value
            ? await next(context)
            : CloudflareErrors.Result(ApiError.Forbidden($"the {(isZone ? "zone" : "account")} is not the bearer's"));
    }

    private static async Task<Results<JsonCreated<CloudflareEnvelope<ServiceTokenWire>>, Refusal>> Create(
        ApiRequest request, Body<ServiceTokenRequest> body, CloudflareApi api, TokenGrains tokens, TimeProvider time)
    {
        var wanted = body.Value;
        var bearer = request.Bearer;
        var id = api.NewId(request, time);
        var minted = SecretMint.Mint(TokenProfile.ServiceToken, id);
        var command = new IssueToken
        {
            Context = request.NewCommand(request.Idempotent?.Seal(minted, id)),
            Profile = TokenProfile.ServiceToken.Name,
            OrganizationId = bearer.OrganizationId,
            MemberId = bearer.Caller.MemberId,
            FullName = wanted.Name,
            Ttl = wanted.Duration,
            Actions = [],
            Independent = true,
            Disabled = wanted.Enabled == false,
            SecretVersion = wanted.ClientSecretVersion,
            Secrets = minted.ToMinted(),
        };
        return api.Answer(request, await tokens.Issue(request, id, command), minted, CloudflareApi.Created);
    }

    private static async Task<Results<JsonOk<CloudflareEnvelope<ServiceTokenWire>>, Refusal>> Get(
        ApiRequest request, CloudflareApi api, IGrainFactory grains)
    {
        var token = await Find(request, api, grains);
        return token.IsSuccess ? CloudflareApi.Ok(token.Value) : token.Refusal;
    }

    private static async Task<Results<JsonOk<CloudflareEnvelope<ServiceTokenWire>>, Refusal>> Update(
        ApiRequest request, Body<ServiceTokenUpdate> body, CloudflareApi api, IGrainFactory grains)
    {
        var token = await Find(request, api, grains);
        if (!token.IsSuccess)
        {
            return token.Refusal;
        }

        var wanted = body.Value.Wanted;
        if (wanted.Exceeds(token.Value.SecretVersion))
        {
            return api.Error(
                ApiError.Invalid([new RequestError("/client_secret_version", "body", ServiceTokenRequest.OutOfRange)]));
        }

        var id = token.Value.Id;
        var minted = SecretMint.Mint(TokenProfile.ServiceToken, id);
        var command = new EditToken
        {
            Context = request.NewCommand(request.Idempotent?.Seal(minted, id)),
            FullName = wanted.Name,
            Life = wanted.Duration,
            Enabled = wanted.Enabled,
            SecretVersion = wanted.ClientSecretVersion,
            Deadline = wanted.PreviousClientSecretExpiresAt,
            Secrets = minted.ToMinted(),
        };
        return api.Answer(
            request, await request.Command(() => Grain(grains, id).Edit(command)), minted, Renewed, maybe: true);
    }

    /// <summary>Answers with the token as it was.</summary>
    private static async Task<Results<JsonOk<CloudflareEnvelope<ServiceTokenWire>>, Refusal>> Delete(
        ApiRequest request, CloudflareApi api, IGrainFactory grains)
    {
        var token = await Find(request, api, grains);
        if (!token.IsSuccess)
        {
            return token.Refusal;
        }

        var command = new ChangeToken { Context = request.NewCommand() };
        var answer = await request.Command(() => Grain(grains, token.Value.Id).Delete(command));
        return answer.Refusal is { } refusal ? api.Error(ApiError.Of(refusal)) : CloudflareApi.Ok(token.Value);
    }

    /// <summary>
    /// A year from now, also for a token that has expired; what lives for ever goes on doing so. The duration stays as
    /// it was configured, or its clients would see what they configured drift.
    /// </summary>
    private static async Task<Results<JsonOk<CloudflareEnvelope<ServiceTokenWire>>, Refusal>> Refresh(
        ApiRequest request, CloudflareApi api, IGrainFactory grains)
    {
        var token = await Find(request, api, grains);
        if (!token.IsSuccess)
        {
            return token.Refusal;
        }

        var life = token.Value.Ttl == GoDuration.Forever.Text ? GoDuration.Forever : Extension;
        var command = new SetTokenLife { Context = request.NewCommand(), Life = life.Text, KeepsTtl = true };
        return api.Answer(
            request, await request.Command(() => Grain(grains, token.Value.Id).SetLife(command)), minted: null,
            Renewed);
    }

    /// <summary>The former secret ends now, or at the time given.</summary>
    private static async Task<Results<JsonOk<CloudflareEnvelope<ServiceTokenWire>>, Refusal>> Rotate(
        ApiRequest request, Body<RotateServiceTokenRequest> body, CloudflareApi api, IGrainFactory grains)
    {
        var token = await Find(request, api, grains);
        if (!token.IsSuccess)
        {
            return token.Refusal;
        }

        var id = token.Value.Id;
        var minted = SecretMint.Mint(TokenProfile.ServiceToken, id);
        var command = new RenewToken
        {
            Context = request.NewCommand(request.Idempotent?.Seal(minted, id)),
            Secrets = minted.ToMinted(),
            Deadline = body.Value.PreviousClientSecretExpiresAt,
        };
        return api.Answer(request, await request.Command(() => Grain(grains, id).Replace(command)), minted, Renewed);
    }

    private static JsonOk<CloudflareEnvelope<ServiceTokenWire>> Renewed(TokenView token, SecretPair? secrets) =>
        CloudflareApi.Ok(token, secrets);

    private static async Task<Outcome<TokenView>> Find(ApiRequest request, CloudflareApi api, IGrainFactory grains) =>
        api.IdOf(request) is { } id && (await Grain(grains, id).Get(request.Bearer.OrganizationId)).Token is { } token
            && ServiceTokenWire.Is(token)
            ? token
            : api.Error(ApiError.NotFound);

    private static IRefreshTokenGrain Grain(IGrainFactory grains, TokenId id) =>
        grains.GetGrain<IRefreshTokenGrain>(id.ToString());
}
