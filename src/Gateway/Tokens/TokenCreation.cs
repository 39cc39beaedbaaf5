using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Authentication;
using TokenActors.Gateway.Calls;
using TokenActors.Gateway.Json;
using TokenActors.Gateway.Problems;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Records;

namespace TokenActors.Gateway.Tokens;

/// <summary>Routes that make tokens. What a new token may do lies within what its maker may do, or the request is refused.</summary>
internal static class TokenCreation
{
    public static void MapTokenCreation(this RouteGroupBuilder tokens)
    {
        tokens.MapPost("", CreateOrganizationToken).Needs("tokens:create").WithMetadata(new MintingRoute(true)).WithName("tokens_create_token")
            .Accepts<CreateTokenRequest>("application/json").Produces<Envelope<RefreshTokenWire>>(StatusCodes.Status201Created);
        tokens.MapPost("/mcp", CreateMcpToken).Needs("tokens:create").WithMetadata(new MintingRoute(true, SingleToken: true))
            .WithName("tokens_create_mcp_token").Accepts<CreateMcpTokenRequest>("application/json")
            .Produces<Envelope<TokenWire>>(StatusCodes.Status201Created);
        tokens.MapPost("/synqly-integrations", (Delegate)CreateSynqlyIntegrationsToken).Needs("tokens:create_synqly_integrations")
            .WithName("tokens_create_synqly_integrations_token").Accepts<CreateSynqlyIntegrationsTokenRequest>("application/json");
        tokens.MapPost("/{accountId}/{integrationId}", CreateIntegrationToken).Needs("tokens:create_integration")
            .WithName("tokens_create_integration_token").Accepts<CreateIntegrationTokenRequest>("application/json")
            .Produces<Envelope<TokenWire>>(StatusCodes.Status201Created);
    }

    private static async Task<IResult> CreateOrganizationToken(HttpContext http, IGrainFactory grains, Clock time)
    {
        var (fields, problem) = RequestBody.Parse(http, await http.Body());
        if (problem is not null)
        {
            return problem;
        }

        if (CreateTokenRequest.Read(fields!) is not { } request)
        {
            return ProblemResults.Invalid(http, fields!.Errors);
        }

        return await Issue(http, grains, time, TokenProfile.Organization, request.PermissionSet, request.Resources.ToRequest(), command => command with
        {
            Name = request.Name,
            FullName = request.Fullname,
            Ttl = request.TokenTtl,
        });
    }

    /// <summary>An MCP server gets the token with its scope as claims, and asks by introspection whether it stands.</summary>
    private static async Task<IResult> CreateMcpToken(HttpContext http, IGrainFactory grains, Clock time)
    {
        var (fields, problem) = RequestBody.Parse(http, await http.Body());
        if (problem is not null)
        {
            return problem;
        }

        if (CreateMcpTokenRequest.Read(fields!) is not { } request)
        {
            return ProblemResults.Invalid(http, fields!.Errors);
        }

        if (request.Scope.AccountId is { } account)
        {
            return ProblemResults.NotFound(http, "account", account);
        }

        var scope = new JsonObject { ["type"] = request.Scope.Type };
        if (request.Scope.Environment is { } environment)
        {
            scope["environment"] = environment;
        }

        var resources = new ResourceRequest(
            Accounts: request.Scope.Environment is { } one ? (Selection.All, Selection.All, Selection.Of(one)) : null);
        return await Issue(http, grains, time, TokenProfile.Mcp, PermissionSets.McpManagement, resources, command => command with
        {
            Ttl = request.TokenTtl,
            Claims = new JsonObject { ["scope"] = scope }.ToJsonString(JsonSerializerOptions.Default),
        });
    }

    /// <summary>There are no accounts yet, so that none can be found; a wrong body is told first all the same.</summary>
    private static async Task<IResult> CreateIntegrationToken(HttpContext http, string accountId, string integrationId)
    {
        var (fields, problem) = RequestBody.Parse(http, await http.Body());
        return problem
            ?? (CreateIntegrationTokenRequest.Read(fields!) is null
                ? ProblemResults.Invalid(http, fields!.Errors)
                : ProblemResults.NotFound(http, "account", accountId));
    }

    private static async Task<IResult> CreateSynqlyIntegrationsToken(HttpContext http)
    {
        var (fields, problem) = RequestBody.Parse(http, await http.Body());
        return problem
            ?? (CreateSynqlyIntegrationsTokenRequest.Read(fields!) is null
                ? ProblemResults.Invalid(http, fields!.Errors)
                : ProblemResults.Of(
                    http, StatusCodes.Status501NotImplemented, "not-implemented", "Synqly integrations tokens are not available on this service."));
    }

    private static async Task<IResult> Issue(
        HttpContext http, IGrainFactory grains, Clock time, TokenProfile profile, string permissionSet, ResourceRequest resources,
        Func<IssueToken, IssueToken> describe)
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
        return TokenAnswers.Minted(http, await GrainCalls.Command(() => grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Issue(command)), minted);
    }
}
