using System.Security.Cryptography;
using System.Text;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Authentication;
using TokenActors.Gateway.Json;
using TokenActors.Gateway.Problems;
using TokenActors.Gateway.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Calls;

/// <summary>A call that may be repeated: what it is called, and for whom its secrets are sealed.</summary>
/// <param name="Bearer">the presented secret</param>
/// <param name="Key">the client's <c>Idempotency-Key</c>, or what stands for it where the call itself is its key</param>
/// <param name="Name">the key as grains know it</param>
/// <param name="Request">SHA-256 of method, path and body</param>
/// <param name="Fresh">known to be no repetition</param>
/// <param name="IsImplicit">the client gave no key</param>
internal sealed record IdempotentCall(Secret Bearer, string Key, byte[] Name, byte[] Request, bool Fresh = false, bool IsImplicit = false)
{
    public const string Header = "Idempotency-Key";

    private const int LongestKey = 255;

    /// <summary>A create under a key always makes the same id, so that a retry reaches the same grain (UUID version 8, RFC 9562).</summary>
    public TokenId DerivedId => new(DerivedIdFor("create"));

    /// <summary>The same for one of several things that a call makes.</summary>
    public Guid DerivedIdFor(string what)
    {
        var bytes = AnswerSeal.NameFor(Bearer, $"{what}:{Key}").AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    public Idempotency Seal(SecretPair minted, TokenId id) =>
        new() { Key = Name, Request = Request, Sealed = SecretMint.SealForCaller(minted, Bearer, Key, id), Fresh = Fresh };

    /// <summary>The call that a request makes, or what is wrong with its key; neither where it has none.</summary>
    /// <param name="http">the request</param>
    /// <param name="bearer">the presented secret</param>
    /// <param name="implicitly">without a key, bearer and request are one</param>
    /// <param name="isRetry">the client says that it asked before</param>
    public static async ValueTask<(IdempotentCall? Call, string? Problem)> Read(
        HttpContext http, Secret bearer, bool implicitly = false, bool isRetry = false)
    {
        var hasKey = http.Request.Headers.TryGetValue(Header, out var values);
        if (!hasKey && !implicitly)
        {
            return default;
        }

        if (hasKey && (values.Count != 1 || values[0] is not { Length: > 0 and <= LongestKey } given || given.Any(c => c is < ' ' or > '~')))
        {
            return (null, $"must be given once, with 1 to {LongestKey} printable ASCII characters");
        }

        var request = HashOf(http.Request, await http.Body());
        var key = hasKey ? values[0]! : "request " + Convert.ToHexStringLower(request);
        return (new IdempotentCall(bearer, key, AnswerSeal.NameFor(bearer, "idempotency:" + key), request, !hasKey && !isRetry, !hasKey), null);
    }

    private static byte[] HashOf(HttpRequest request, byte[] body) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"), .. body]);
}

/// <summary>Marks routes that mint: they take an idempotency key. <paramref name="Creates"/>: the id is derived from caller and key.</summary>
internal sealed record MintingRoute(bool Creates, bool SingleToken = false);

/// <summary>
/// Answers a repeated call from the record before it authenticates: the answer opens only with the same bearer and key, and the command
/// may have killed the bearer.
/// </summary>
internal sealed class IdempotencyFilter(IGrainFactory grains, RateLimits limits) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.GetEndpoint()?.Metadata.GetMetadata<MintingRoute>() is not { } route || !http.Request.Headers.ContainsKey(IdempotentCall.Header))
        {
            return await next(context);
        }

        if (http.PresentedBearer() is not var (bearer, _) || limits.TooManyFailures(http.Connection.RemoteIpAddress) is not null)
        {
            return await next(context);
        }

        var (read, problem) = await IdempotentCall.Read(http, bearer);
        if (read is not { } call)
        {
            return ProblemResults.Invalid(http, IdempotentCall.Header, "header", problem!);
        }

        http.Features.Set(call);
        if (TargetOf(http, route, call) is { } id)
        {
            var answer = await grains.GetGrain<IRefreshTokenGrain>(id.ToString()).GetIdempotentAnswer(call.Name, call.Request);
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
