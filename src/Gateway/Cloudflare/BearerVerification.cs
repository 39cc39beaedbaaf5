using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Cloudflare;

/// <summary>
/// <c>GET /access/verify</c> for a bearer of this service: 200 with headers that say whose it is, 401 for one that is
/// missing or no longer valid, 403 for one that the question leaves out, 400 for a question that is incomplete: without
/// an organization any tenant's token would pass.
/// </summary>
internal sealed class BearerVerification(
    CloudflareApi api, AccessQuestion question, TokenGrains tokens, ImportedKeys imported, RateLimits limits)
{
    public async Task<Results<Ok, Refusal>> Verify(ApiRequest request, Secret secret, TokenId id)
    {
        if (question.OrganizationOf(request.Http.Request.Query) is null)
        {
            return api.Error(ApiError.Invalid(
                "organization_id must name the organization whose tokens are let in", "organization_id"));
        }

        var asked = QueryOf(request, secret);
        return await Answer(request, id, asked, await tokens.Verify(id, asked));
    }

    /// <summary>
    /// The same for a key that was imported into the organization of the question; null for what is none, which is
    /// answered as any text that nobody knows.
    /// </summary>
    public async Task<Results<Ok, Refusal>?> VerifyImported(ApiRequest request, string text)
    {
        if (question.OrganizationOf(request.Http.Request.Query) is not { } organization)
        {
            return null;
        }

        var said = await imported.Verify(
            new OrganizationId(organization), text, QueryOf(request, new Secret(text)), request.Aborted);
        if (said.Wait is { } wait)
        {
            return api.Error(ApiError.TooManyRequests(wait));
        }

        return said.Key is { } key ? await Answer(request, key.Id, key.Query, key.Verification) : null;
    }

    private static VerifyToken QueryOf(ApiRequest request, Secret secret) => new()
    {
        Presented = secret.Fingerprint(), Address = request.Address, Client = request.Client, KnowsLimits = true,
    };

    private async Task<Results<Ok, Refusal>> Answer(
        ApiRequest request, TokenId id, VerifyToken asked, Verification verification)
    {
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

        var kind = asked.ImportedToo ? TokenProfile.Imported.Name : AccessQuestion.KindOf(token);
        if (await question.RefusalOf(request.Http.Request.Query, token, caller, kind, request.Aborted) is { } refusal)
        {
            return api.Error(refusal);
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
}
