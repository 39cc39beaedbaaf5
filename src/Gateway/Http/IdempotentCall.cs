using System.Security.Cryptography;
using System.Text;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Secrets;

namespace TokenActors.Gateway.Http;

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

/// <summary>The body, read once however many ask.</summary>
internal static class BodyExtensions
{
    private sealed record RawBody(byte[] Bytes);

    public static async ValueTask<byte[]> Body(this HttpContext http)
    {
        if (http.Features.Get<RawBody>() is not { } body)
        {
            body = new RawBody(await RequestBody.ReadBytes(http));
            http.Features.Set(body);
        }

        return body.Bytes;
    }
}
