using System.Security.Cryptography;
using System.Text;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Authentication;
using TokenActors.Gateway.Problems;
using TokenActors.Gateway.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Calls;

/// <summary>A call that may be repeated under its <c>Idempotency-Key</c>: what it is called, and for whom its secrets are sealed.</summary>
internal sealed record IdempotentCall(Secret Bearer, string Key, byte[] Name, byte[] Request)
{
    /// <summary>A create under a key always makes the same id, so that a retry reaches the same grain (UUID version 8, RFC 9562).</summary>
    public TokenId DerivedId
    {
        get
        {
            var bytes = AnswerSeal.NameFor(Bearer, "create:" + Key).AsSpan(0, 16);
            bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
            bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
            return new TokenId(new Guid(bytes, bigEndian: true));
        }
    }

    public Idempotency Seal(SecretPair minted, TokenId id) =>
        new() { Key = Name, Request = Request, Sealed = SecretMint.SealForCaller(minted, Bearer, Key, id) };
}

/// <summary>Marks routes that mint: they take an idempotency key. <paramref name="Creates"/>: the id is derived from caller and key.</summary>
internal sealed record MintingRoute(bool Creates, bool SingleToken = false);

/// <summary>
/// Answers a repeated call from the record before it authenticates: the answer opens only with the same bearer and key, and the command
/// may have killed the bearer.
/// </summary>
internal sealed class IdempotencyFilter(IGrainFactory grains, RateLimits limits) : IEndpointFilter
{
    private const string Header = "Idempotency-Key";
    private const int LongestKey = 255;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.GetEndpoint()?.Metadata.GetMetadata<MintingRoute>() is not { } route || !http.Request.Headers.TryGetValue(Header, out var values))
        {
            return await next(context);
        }

        if (values.Count != 1 || values[0] is not { Length: > 0 and <= LongestKey } key || key.Any(c => c is < ' ' or > '~'))
        {
            return ProblemResults.Invalid(http, Header, "header", $"must be given once, with 1 to {LongestKey} printable ASCII characters");
        }

        if (http.PresentedBearer() is not var (bearer, _) || limits.TooManyFailures(http.Connection.RemoteIpAddress) is not null)
        {
            return await next(context);
        }

        var body = await http.Body();
        var call = new IdempotentCall(bearer, key, AnswerSeal.NameFor(bearer, "idempotency:" + key), HashOf(http.Request, body));
        http.Features.Set(call);
        if (TargetOf(http, route, call) is { } id)
        {
            var answer = await grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Recall(call.Name, call.Request);
            if (answer.Refusal == TokenRefusal.IdempotencyConflict)
            {
                return TokenRefusals.IdempotencyConflict(http);
            }

            if (answer is { Refusal: null, Sealed: not null })
            {
                return TokenAnswers.Minted(http, answer, minted: null);
            }
        }

        return await next(context);
    }

    private static TokenId? TargetOf(HttpContext http, MintingRoute route, IdempotentCall call) =>
        route.Creates ? call.DerivedId
        : TokenId.TryParse(http.Request.RouteValues["refreshTokenId"] as string, out var id) ? id
        : null;

    private static byte[] HashOf(HttpRequest request, byte[] body) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes($"{request.Method} {request.Path}\n"), .. body]);
}

/// <summary>The body, read once however many ask.</summary>
internal static class BodyExtensions
{
    private sealed record RawBody(byte[] Bytes);

    public static async ValueTask<byte[]> Body(this HttpContext http)
    {
        if (http.Features.Get<RawBody>() is not { } body)
        {
            body = new RawBody(await Json.RequestBody.ReadBytes(http));
            http.Features.Set(body);
        }

        return body.Bytes;
    }
}
