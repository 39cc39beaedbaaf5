using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Cloudflare;

/// <summary>
/// <c>GET /access/verify</c>: what a reverse proxy asks with the headers of the request that it holds. 200 with headers
/// that say who it is; 401 for credentials that are missing, wrong, expired, disabled, repeated, incomplete or given in
/// both forms; 403 for good ones that the proxy's question leaves out. It
/// is not under the limit of failures per address, since behind a proxy all clients share one.
/// </summary>
internal static class AccessVerification
{
    private const string ClientId = "CF-Access-Client-Id";
    private const string ClientSecret = "CF-Access-Client-Secret";

    public static void MapAccessVerification(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/access/verify", [HttpMethods.Get, HttpMethods.Head], Verify).WithTags("verification")
            .WithGroupName("cloudflare")
            .WithName("access_verify");

    private static async Task<Results<Ok, Refusal>> Verify(
        ApiRequest request, CloudflareApi api, GatewayOptions options, TokenGrains tokens, RateLimits limits,
        BearerVerification bearers, AccessQuestion question)
    {
        var http = request.Http;
        if (AccessQuestion.ProblemOf(http.Request.Query) is { } problem)
        {
            return api.Error(problem);
        }

        if (HasNoServiceToken(http.Request.Headers, options.AccessHeader)
            && http.PresentedBearer() is var (bearer, tokenId)
            && TokenProfile.OfSecret(bearer) != TokenProfile.ServiceToken)
        {
            return await bearers.Verify(request, bearer, tokenId);
        }

        if (HasNoServiceToken(http.Request.Headers, options.AccessHeader) && http.BearerText() is { Length: > 0 } text
            && await bearers.VerifyImported(request, text.ToString()) is { } answer)
        {
            return answer;
        }

        if (Presented(http.Request.Headers, options.AccessHeader) is not var (id, secret))
        {
            return api.Error(ApiError.Unauthorized);
        }

        var asked = new VerifyToken
        {
            Presented = secret.Fingerprint(), Address = request.Address, Client = request.Client,
            KnowsLimits = true,
        };
        var verification = await tokens.Verify(id, asked);
        switch (verification.Refusal)
        {
            case TokenRefusal.OrganizationDisabled:
                return api.Error(ApiError.Forbidden("the account is disabled"));
            case TokenRefusal.OutsideAddresses:
                return api.Error(ApiError.OutsideAddresses);
        }

        if (verification is not { Refusal: null, Token: { } token, Caller: { } caller })
        {
            return api.Error(ApiError.Unauthorized);
        }

        if (await question.RefusalOf(http.Request.Query, token, caller, AccessQuestion.KindOf(token), request.Aborted) is { } refusal)
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

        var headers = http.Response.Headers;
        headers["CF-Access-Account-Id"] = CloudflareApi.AccountIdOf(token.OrganizationId);
        headers[ClientId] = ServiceTokenWire.ClientIdOf(token.Id.Value);
        headers["CF-Access-Service-Token-Id"] = token.Id.ToString();
        headers["CF-Access-Service-Token-Name"] = Uri.EscapeDataString(token.FullName);
        return TypedResults.Ok();
    }

    private static bool HasNoServiceToken(IHeaderDictionary headers, string single) =>
        headers[ClientId].Count == 0 && headers[ClientSecret].Count == 0
        && (single.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || headers[single].Count == 0);

    /// <summary>The one complete pair of credentials; null where there is none, or anything more.</summary>
    private static (TokenId Id, Secret Secret)? Presented(IHeaderDictionary headers, string single)
    {
        var (ids, secrets) = (headers[ClientId], headers[ClientSecret]);
        var json = headers[single] is [{ } text] && text.AsSpan().TrimStart().StartsWith("{") ? text : null;
        return (ids, secrets, json) switch
        {
            ([{ } id], [{ } secret], null) when headers[single].Count <= 1 => Match(id, secret),
            ([], [], { } both) => FromJson(both),
            _ => null,
        };
    }

    /// <summary>
    /// <c>{"cf-access-client-id": …, "cf-access-client-secret": …}</c>, names in any letter case, each once.
    /// </summary>
    private static (TokenId Id, Secret Secret)? FromJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var properties = document.RootElement.EnumerateObject()
                .ToLookup(p => p.Name, p => p.Value, StringComparer.OrdinalIgnoreCase);
            return TextOf(properties[ClientId]) is { } id && TextOf(properties[ClientSecret]) is { } secret
                ? Match(id, secret)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? TextOf(IEnumerable<JsonElement> values) =>
        values.ToArray() is [{ ValueKind: JsonValueKind.String } only] ? RequestError.TextOf(only) : null;

    /// <summary>The id must be the one that the secret belongs to.</summary>
    private static (TokenId Id, Secret Secret)? Match(string clientId, string text)
    {
        var secret = new Secret(text);
        return SecretFormat.TryParse(text, out var id) && TokenProfile.OfSecret(secret) == TokenProfile.ServiceToken
            && string.Equals(clientId, ServiceTokenWire.ClientIdOf(id.Value), StringComparison.OrdinalIgnoreCase)
                ? (id, secret)
                : null;
    }
}
