using Microsoft.OpenApi;
using TokenActors.Domain.Boomerang;
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
        tokens.MapPost("", Create).WithMetadata(new MintingRoute(true)).WithName("createToken")
            .Reads<TokenCreateRequest>().Produces<TokenCreateResponse>();
        tokens.MapGet("/query", FlowTokenQuery.Query).WithName("query_1")
            .Asks("types", JsonSchemaType.String, "session, user, team, workflow or global", many: true)
            .Asks("principals", JsonSchemaType.String, "whose tokens", many: true)
            .Asks("limit", JsonSchemaType.Integer, "1 to 1000; without it everything in one page").Asks("page", JsonSchemaType.Integer, "from 0")
            .Asks("order", JsonSchemaType.String, "ASC or DESC")
            .Asks("sort", JsonSchemaType.String, "creationDate, expirationDate, name, id, type or principal")
            .Asks("fromDate", JsonSchemaType.Integer, "made at or after, in milliseconds since 1970")
            .Asks("toDate", JsonSchemaType.Integer, "made before, in milliseconds since 1970").Produces<FlowPage>();
        tokens.MapDelete("/{id}", Delete).WithName("deleteToken").Produces(StatusCodes.Status200OK);
    }

    private static async Task<IResult> Create(HttpContext http, BoomerangApi api, TokenGrains tokens)
    {
        var bearer = http.Bearer();
        var rights = new FlowRights(bearer);
        if (!rights.May(FlowPermission.WriteTokens))
        {
            return api.Error(http, ApiError.Forbidden("the bearer does not have the permission token/write"));
        }

        var (fields, error) = RequestBody.Parse(await http.Body());
        if (error is not null)
        {
            return api.Error(http, ApiError.Invalid([error]));
        }

        var (request, refusal) = TokenCreateRequest.Read(fields!);
        if (refusal is not null)
        {
            return BoomerangApi.Error(http, StatusCodes.Status400BadRequest, refusal.Code, refusal.Reason, refusal.Message);
        }

        var actions = FlowPermission.Reach([.. request!.Parsed]);
        if (!rights.MayGive(request) || Attenuation.Of(bearer.Caller.Grant, actions, new ResourceRequest()).Resources is not { } resources)
        {
            return api.Error(http, ApiError.Of(TokenRefusal.BeyondGrant));
        }

        var profile = FlowTypes.ProfileOf(request.Type);
        var id = api.NewId(http);
        var minted = SecretMint.Mint(profile, id);
        var command = new IssueToken
        {
            Context = http.NewCommand(http.Features.Get<IdempotentCall>()?.Seal(minted, id)),
            Profile = profile.Name,
            OrganizationId = bearer.OrganizationId,
            MemberId = bearer.Caller.MemberId,
            Principal = request.Principal,
            FullName = request.Name,
            Actions = [.. actions.Names()],
            Resources = resources,
            Claims = new FlowDetails(request.Description, request.Permissions).ToClaims(),
            ExpiresAt = request.ExpirationDate,
            Independent = true,
            Secrets = minted.ToMinted(),
        };
        var answer = await tokens.Issue(http, id, command);
        return api.Answer(http, answer, minted, created: true);
    }

    /// <summary>200 without content; an unknown id, and one that the bearer may not see, is 400 without content.</summary>
    private static async Task<IResult> Delete(HttpContext http, BoomerangApi api, IGrainFactory grains)
    {
        var rights = new FlowRights(http.Bearer());
        if (!rights.May(FlowPermission.DeleteTokens))
        {
            return api.Error(http, ApiError.Forbidden("the bearer does not have the permission token/delete"));
        }

        http.Response.ContentLength = 0;
        if (api.IdOf(http) is not { } id
            || (await grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Get(http.Bearer().OrganizationId)).Token is not { } token || !rights.Sees(token))
        {
            return TypedResults.StatusCode(StatusCodes.Status400BadRequest);
        }

        var command = new ChangeToken { Context = http.NewCommand() };
        var answer = await http.Command(() => grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Delete(command));
        switch (answer.Refusal)
        {
            case null:
                return TypedResults.StatusCode(StatusCodes.Status200OK);
            case TokenRefusal.NotFound:
                return TypedResults.StatusCode(StatusCodes.Status400BadRequest);
            case { } refusal:
                http.Response.ContentLength = null;
                return api.Error(http, ApiError.Of(refusal));
        }
    }
}
