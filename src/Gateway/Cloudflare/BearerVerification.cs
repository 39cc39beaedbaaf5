using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Cloudflare;

/// <summary>
/// <c>GET /access/verify</c> for a bearer of this service: 200 with headers that say whose it is, 401 for one that is
/// missing or no longer valid, 403 for one that the question leaves out, 400 for a question that is incomplete: without
/// an organization any tenant's token would pass.
/// </summary>
internal sealed class BearerVerification(
    CloudflareApi api, GatewayOptions options, TokenGrains tokens, ImportedKeys imported, RateLimits limits, IGrainFactory grains)
{
    private const string Session = "session";

    /// <summary>
    /// Kinds that pass only where the question names them: what they are made for is not to open what stands behind a
    /// proxy.
    /// </summary>
    private static readonly string[] OnlyByName =
        [Session, PermissionSets.ConnectUi, TokenProfile.Integration.Name, TokenProfile.Bridge.Name];

    public async Task<Results<Ok, Refusal>> Verify(ApiRequest request, Secret secret, TokenId id)
    {
        if (OrganizationOf(request.Http.Request.Query["organization_id"]) is not { } organization)
        {
            return api.Error(ApiError.Invalid(
                "organization_id must name the organization whose tokens are let in", "organization_id"));
        }

        var asked = QueryOf(request, secret);
        return ProblemOfAction(request) is { } problem
            ? api.Error(problem)
            : await Answer(request, organization, id, asked, await tokens.Verify(id, asked));
    }

    /// <summary>
    /// The same for a key that was imported into the organization of the question; null for what is none, which is
    /// answered as any text that nobody knows.
    /// </summary>
    public async Task<Results<Ok, Refusal>?> VerifyImported(ApiRequest request, string text)
    {
        if (OrganizationOf(request.Http.Request.Query["organization_id"]) is not { } organization)
        {
            return null;
        }

        var said = await imported.Verify(new OrganizationId(organization), text, QueryOf(request, new Secret(text)), request.Aborted);
        if (said.Wait is { } wait)
        {
            return api.Error(ApiError.TooManyRequests(wait));
        }

        if (said.Key is not { } key)
        {
            return null;
        }

        return ProblemOfAction(request) is { } problem
            ? api.Error(problem)
            : await Answer(request, organization, key.Id, key.Query, key.Verification);
    }

    private static VerifyToken QueryOf(ApiRequest request, Secret secret) => new()
    {
        Presented = secret.Fingerprint(), Address = request.Address, Client = request.Client, KnowsLimits = true,
    };

    private static ApiError? ProblemOfAction(ApiRequest request) =>
        request.Http.Request.Query["action"] is { Count: > 0 } action && ActionTable.BitOf(action.ToString()) < 0
            ? ApiError.Invalid("action must be one of the action table, such as accounts:get", "action")
            : null;

    private async Task<Results<Ok, Refusal>> Answer(
        ApiRequest request, Guid organization, TokenId id, VerifyToken asked, Verification verification)
    {
        var query = request.Http.Request.Query;
        string? action = query["action"];
        switch (verification.Refusal)
        {
            case TokenRefusal.OrganizationDisabled:
                return api.Error(ApiError.Forbidden("the organization is disabled"));
            case TokenRefusal.OutsideAddresses:
                return api.Error(ApiError.OutsideAddresses);
        }

        if (verification is not { Refusal: null, Token: { } token, Caller: { } caller })
        {
            return api.Error(ApiError.Unauthorized);
        }

        var kind = asked.ImportedToo ? TokenProfile.Imported.Name : KindOf(token);
        if (token.OrganizationId.Value != organization || !Admits(query["kind"], kind))
        {
            return api.Error(ApiError.Forbidden("the token is not among those that are let in"));
        }

        if (await TargetOf(token.OrganizationId, query["resource"], request.Aborted) is not { } target
            || (action is not null && !caller.Grant.Covers(action, target)))
        {
            return api.Error(ApiError.Forbidden("the token may not do this"));
        }

        if (limits.OwnRequest(token) is { } wait)
        {
            return api.Error(ApiError.TooManyRequests(wait));
        }

        if ((await tokens.Use(id, asked, verification)).Refusal is not null)
        {
            return api.Error(ApiError.Unauthorized);
        }

        var headers = request.Http.Response.Headers;
        headers["X-Token-Id"] = token.Id.ToString();
        headers["X-Token-Kind"] = kind;
        headers["X-Token-Name"] = Uri.EscapeDataString(token.FullName);
        headers["X-Token-Organization"] = token.OrganizationId.ToString();
        headers["X-Token-Member"] = token.MemberId.ToString();
        headers["X-Token-Scope"] = token.PermissionSet ?? string.Join(' ', token.Actions ?? token.Roles);
        return TypedResults.Ok();
    }

    /// <summary>
    /// The kind of a token, as a question names it. One that was imported is any token of the organization from its first
    /// pair of our own on; its old key stays what it was.
    /// </summary>
    private static string KindOf(TokenView token)
    {
        if (token.OwnerType == TokenOwnerType.Integration)
        {
            return TokenProfile.Integration.Name;
        }

        if (token.PermissionSet == PermissionSets.ConnectUi)
        {
            return PermissionSets.ConnectUi;
        }

        return token.Profile switch
        {
            _ when token.Profile == TokenProfile.Logon.Name => Session,
            _ when token.Profile == TokenProfile.Adopted.Name => TokenProfile.Organization.Name,
            var other => other,
        };
    }

    private static bool Admits(StringValues kinds, string kind) =>
        kinds.Count == 0
            ? !OnlyByName.Contains(kind)
            : kinds.SelectMany(text => (text ?? "").Split(',')).Contains(kind);

    private Guid? OrganizationOf(StringValues given) => given switch
    {
        [] => options.AccessOrganization,
        [{ } text] when Guid.TryParse(text, out var id) => id,
        _ => null,
    };

    /// <summary>
    /// What the action is to be done to: an account by id or name, or the organization. Null where there is no such
    /// account.
    /// </summary>
    private async Task<ResourceTarget?> TargetOf(
        OrganizationId organization, string? resource, CancellationToken aborted)
    {
        const string accounts = "account/";
        if (resource is null or "organization")
        {
            return new ResourceTarget(organization.ToString());
        }

        return resource.StartsWith(accounts, StringComparison.Ordinal)
            && await grains.FindAccount(organization, resource[accounts.Length..], aborted) is { } account
                ? account.ToTarget()
                : null;
    }
}
