using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Facades;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Boomerang;

/// <summary><c>/api/v2/token</c>: create, query and delete.</summary>
internal static class FlowTokenEndpoints
{
    public static void MapFlowTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/api/v2/token").WithTags("Token Management").WithGroupName("boomerang")
            .AddEndpointFilter<FacadeFilter<BoomerangApi>>()
            .Fails<BoomerangError, RouteGroupBuilder>(400, 401, 402, 409, 429, 503);
        tokens.MapPost("", Create).WithMetadata(new MintingRoute(Creates: true, BoomerangApi.Created))
            .WithName("createToken")
            .Reads<TokenCreateRequest>();
        tokens.MapGet("/query", FlowTokenQuery.Query).WithName("query_1")
            .Asks("types", JsonSchemaType.String, "session, user, team, workflow or global", many: true)
            .Asks("principals", JsonSchemaType.String, "whose tokens", many: true)
            .Asks("limit", JsonSchemaType.Integer, "1 to 1000; without it everything in one page")
            .Asks("page", JsonSchemaType.Integer, "from 0")
            .Asks("order", JsonSchemaType.String, "ASC or DESC")
            .Asks("sort", JsonSchemaType.String, "creationDate, expirationDate, name, id, type or principal")
            .Asks("fromDate", JsonSchemaType.Integer, "made at or after, in milliseconds since 1970")
            .Asks("toDate", JsonSchemaType.Integer, "made before, in milliseconds since 1970");
        tokens.MapDelete("/{id}", Delete).WithName("deleteToken").Produces(StatusCodes.Status200OK);
    }

    private static async Task<Results<JsonOk<TokenCreateResponse>, Refusal>> Create(
        ApiRequest request, BoomerangApi api, TokenGrains tokens, TimeProvider time)
    {
        var bearer = request.Bearer;
        var rights = new FlowRights(bearer);
        if (!rights.May(FlowPermission.WriteTokens))
        {
            return api.Error(ApiError.Forbidden("the bearer does not have the permission token/write"));
        }

        if (!RequestBody.TryParse(await request.Body(), out var fields, out var error))
        {
            return api.Error(ApiError.Invalid([error]));
        }

        if (await KeysInBodies.Problem(request) is { } problem)
        {
            return api.Error(problem);
        }

        var read = TokenCreateRequest.Read(fields);
        if (!read.IsSuccess)
        {
            return read.Refusal;
        }

        var wanted = read.Value;
        var actions = FlowPermission.Reach([.. wanted.Parsed]);
        if (!rights.MayGive(wanted)
            || Attenuation.Of(bearer.Caller.Grant, actions, new ResourceRequest()).Resources is not { } resources)
        {
            return api.Error(ApiError.Of(TokenRefusal.BeyondGrant));
        }

        var profile = FlowTypes.ProfileOf(wanted.Type);
        var id = api.NewId(request, time);
        var minted = SecretMint.Mint(profile, id);
        var command = new IssueToken
        {
            Context = request.NewCommand(request.Idempotent?.Seal(minted, id)),
            Profile = profile.Name,
            OrganizationId = bearer.OrganizationId,
            MemberId = bearer.Caller.MemberId,
            Principal = wanted.Principal,
            FullName = wanted.Name,
            Actions = [.. actions.Names()],
            Resources = resources,
            Claims = new FlowDetails(wanted.Description, wanted.Permissions).ToClaims(),
            ExpiresAt = wanted.ExpirationDate,
            Independent = true,
            Secrets = minted.ToMinted(),
        };
        return api.Answer(request, await tokens.Issue(request, id, command), minted, BoomerangApi.Created);
    }

    /// <summary>
    /// 200 without content; an unknown id, and one that the bearer may not see, is 400 without content.
    /// </summary>
    private static async Task<Results<EmptyAnswer, Refusal>> Delete(
        ApiRequest request, BoomerangApi api, IGrainFactory grains)
    {
        var rights = new FlowRights(request.Bearer);
        if (!rights.May(FlowPermission.DeleteTokens))
        {
            return api.Error(ApiError.Forbidden("the bearer does not have the permission token/delete"));
        }

        if (api.IdOf(request) is not { } id
            || (await grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Get(request.Bearer.OrganizationId))
                .Token is not { } token || !rights.Sees(token))
        {
            return new EmptyAnswer(StatusCodes.Status400BadRequest);
        }

        var command = new ChangeToken { Context = request.NewCommand() };
        var answer = await request.Command(() => grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Delete(command));
        return answer.Refusal switch
        {
            null => new EmptyAnswer(StatusCodes.Status200OK),
            TokenRefusal.NotFound => new EmptyAnswer(StatusCodes.Status400BadRequest),
            { } refused => api.Error(ApiError.Of(refused)),
        };
    }
}

/// <summary>A status without content, which no error shape is put into.</summary>
internal sealed class EmptyAnswer(int status) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
