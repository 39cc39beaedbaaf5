using Microsoft.OpenApi;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Facades;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Cloudflare;

/// <summary><c>/client/v4/accounts/{account_id}/access/service_tokens</c>: the seven operations on service tokens.</summary>
internal static class ServiceTokenEndpoints
{
    /// <summary>By how much a refresh extends, as Cloudflare documents it.</summary>
    private static readonly GoDuration Extension = TokenProfile.ServiceToken.DefaultTtl;

    public static void MapServiceTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/client/v4/accounts/{accountId}/access/service_tokens").WithTags("service tokens").WithGroupName("cloudflare")
            .AddEndpointFilter<FacadeFilter<CloudflareApi>>().AddEndpointFilter(InAccount)
            .Fails<CloudflareEnvelope<ServiceTokenWire>, RouteGroupBuilder>(400, 401, 402, 403, 404, 409, 429, 503);
        tokens.MapPost("", Create).Needs("tokens:create").WithMetadata(new MintingRoute(true)).WithName("cloudflare_create")
            .Reads<ServiceTokenRequest>().Produces<CloudflareEnvelope<ServiceTokenWire>>(StatusCodes.Status201Created);
        tokens.MapGet("", ServiceTokenListing.List).Needs("tokens:list").WithName("cloudflare_list")
            .Asks("name", JsonSchemaType.String, "the whole name").Asks("search", JsonSchemaType.String, "part of the name, in any letter case")
            .Asks("page", JsonSchemaType.Integer, "from 1").Asks("per_page", JsonSchemaType.Integer, "1 to 1000")
            .Produces<CloudflareEnvelope<IReadOnlyList<ServiceTokenWire>>>();
        tokens.MapGet("/{serviceTokenId}", Get).Needs("tokens:get").WithName("cloudflare_get").Produces<CloudflareEnvelope<ServiceTokenWire>>();
        tokens.MapPut("/{serviceTokenId}", Update).Needs("tokens:rotate").WithMetadata(new MintingRoute(false)).WithName("cloudflare_update")
            .Reads<ServiceTokenRequest>().Produces<CloudflareEnvelope<ServiceTokenWire>>();
        tokens.MapDelete("/{serviceTokenId}", Delete).Needs("tokens:delete").WithName("cloudflare_delete")
            .Produces<CloudflareEnvelope<ServiceTokenWire>>();
        tokens.MapPost("/{serviceTokenId}/refresh", Refresh).Needs("tokens:refresh").WithName("cloudflare_refresh")
            .Produces<CloudflareEnvelope<ServiceTokenWire>>();
        tokens.MapPost("/{serviceTokenId}/rotate", Rotate).Needs("tokens:rotate").WithMetadata(new MintingRoute(false)).WithName("cloudflare_rotate")
            .Reads<RotateServiceTokenRequest>(required: false).Produces<CloudflareEnvelope<ServiceTokenWire>>();
    }

    /// <summary>Unknown and foreign accounts look alike; what is no account id at all has no route.</summary>
    private static async ValueTask<object?> InAccount(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!Guid.TryParse(http.Request.RouteValues["accountId"] as string, out var account))
        {
            return CloudflareErrors.Result(http, new ApiError(StatusCodes.Status404NotFound, ApiErrorKind.NoRoute, "no such account"));
        }

        return account == http.Bearer().OrganizationId.Value
            ? await next(context)
            : CloudflareErrors.Result(http, ApiError.Forbidden("the account is not the bearer's"));
    }

    private static async Task<IResult> Create(HttpContext http, CloudflareApi api, TokenGrains tokens)
    {
        var (fields, error) = RequestBody.Parse(await http.Body());
        if (error is not null || ServiceTokenRequest.Read(fields!, creates: true) is not { } request)
        {
            return api.Error(http, ApiError.Invalid(error is null ? fields!.Errors : [error]));
        }

        var bearer = http.Bearer();
        var id = api.NewId(http);
        var minted = SecretMint.Mint(TokenProfile.ServiceToken, id);
        var command = new IssueToken
        {
            Context = http.NewCommand(http.Features.Get<IdempotentCall>()?.Seal(minted, id)),
            Profile = TokenProfile.ServiceToken.Name,
            OrganizationId = bearer.OrganizationId,
            MemberId = bearer.Caller.MemberId,
            FullName = request.Name,
            Ttl = request.Duration,
            Actions = [],
            Independent = true,
            Disabled = request.Enabled == false,
            SecretVersion = request.ClientSecretVersion,
            Secrets = minted.ToMinted(),
        };
        var answer = await tokens.Issue(http, id, command);
        return api.Answer(http, answer, minted, created: true);
    }

    private static async Task<IResult> Get(HttpContext http, CloudflareApi api, IGrainFactory grains) =>
        await Find(http, api, grains) is { } token ? api.Show(http, token, null, created: false) : api.Error(http, ApiError.NotFound);

    private static async Task<IResult> Update(HttpContext http, CloudflareApi api, IGrainFactory grains)
    {
        var (fields, error) = RequestBody.Parse(await http.Body());
        if (error is not null || ServiceTokenRequest.Read(fields!, creates: false) is not { } request)
        {
            return api.Error(http, ApiError.Invalid(error is null ? fields!.Errors : [error]));
        }

        if (await Find(http, api, grains) is not { Id: var id })
        {
            return api.Error(http, ApiError.NotFound);
        }

        var minted = SecretMint.Mint(TokenProfile.ServiceToken, id);
        var command = new EditToken
        {
            Context = http.NewCommand(http.Features.Get<IdempotentCall>()?.Seal(minted, id)),
            FullName = request.Name,
            Life = request.Duration,
            Enabled = request.Enabled,
            SecretVersion = request.ClientSecretVersion,
            Deadline = request.PreviousClientSecretExpiresAt,
            Secrets = minted.ToMinted(),
        };
        return api.Answer(http, await http.Command(() => Grain(grains, id).Edit(command)), minted, maybe: true);
    }

    /// <summary>Answers with the token as it was.</summary>
    private static async Task<IResult> Delete(HttpContext http, CloudflareApi api, IGrainFactory grains)
    {
        if (await Find(http, api, grains) is not { } token)
        {
            return api.Error(http, ApiError.NotFound);
        }

        var command = new ChangeToken { Context = http.NewCommand() };
        var answer = await http.Command(() => Grain(grains, token.Id).Delete(command));
        return answer.Refusal is { } refusal ? api.Error(http, ApiError.Of(refusal)) : api.Show(http, token, null, created: false);
    }

    /// <summary>A year from now, also for a token that has expired; what lives for ever goes on doing so.</summary>
    private static async Task<IResult> Refresh(HttpContext http, CloudflareApi api, IGrainFactory grains)
    {
        if (await Find(http, api, grains) is not { } token)
        {
            return api.Error(http, ApiError.NotFound);
        }

        var life = token.Ttl == GoDuration.Forever.Text ? GoDuration.Forever : Extension;
        var command = new SetTokenLife { Context = http.NewCommand(), Life = life.Text };
        return api.Answer(http, await http.Command(() => Grain(grains, token.Id).SetLife(command)), minted: null);
    }

    /// <summary>The former secret ends now, or at the time given.</summary>
    private static async Task<IResult> Rotate(HttpContext http, CloudflareApi api, IGrainFactory grains)
    {
        var (fields, error) = RequestBody.Parse(await http.Body());
        var deadline = fields?.Time("previous_client_secret_expires_at");
        if (error is not null || fields!.Errors.Count > 0)
        {
            return api.Error(http, ApiError.Invalid(error is null ? fields!.Errors : [error]));
        }

        if (await Find(http, api, grains) is not { Id: var id })
        {
            return api.Error(http, ApiError.NotFound);
        }

        var minted = SecretMint.Mint(TokenProfile.ServiceToken, id);
        var command = new RenewToken
        {
            Context = http.NewCommand(http.Features.Get<IdempotentCall>()?.Seal(minted, id)),
            Secrets = minted.ToMinted(),
            Deadline = deadline,
        };
        return api.Answer(http, await http.Command(() => Grain(grains, id).Replace(command)), minted);
    }

    private static async Task<TokenView?> Find(HttpContext http, CloudflareApi api, IGrainFactory grains) =>
        api.IdOf(http) is { } id && (await Grain(grains, id).Get(http.Bearer().OrganizationId)).Token is { } token && ServiceTokenWire.Is(token)
            ? token
            : null;

    private static IRefreshTokenGrain Grain(IGrainFactory grains, TokenId id) => grains.GetGrain<IRefreshTokenGrain>(id.ToString());
}
