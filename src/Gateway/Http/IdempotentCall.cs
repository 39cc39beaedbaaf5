using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Http;

/// <summary>A call that may be repeated: what it is called, and for whom its secrets are sealed.</summary>
/// <param name="Bearer">the presented secret</param>
/// <param name="Key">the client's <c>Idempotency-Key</c>, or what stands for it where the call itself is its
/// key</param>
/// <param name="Name">the key as grains know it</param>
/// <param name="Request">SHA-256 of method, path and body</param>
/// <param name="Fresh">known to be no repetition</param>
/// <param name="IsImplicit">the client gave no key</param>
internal sealed record IdempotentCall(
    Secret Bearer, string Key, byte[] Name, byte[] Request, bool Fresh = false, bool IsImplicit = false)
{
    public const string Header = "Idempotency-Key";

    private const int LongestKey = 255;

    /// <summary>
    /// A create under a key always makes the same id, so that a retry reaches the same grain (UUID version 8, RFC
    /// 9562).
    /// </summary>
    public TokenId DerivedId => new(DerivedIdFor("create"));

    /// <summary>The same for one of several things that a call makes.</summary>
    public Guid DerivedIdFor(string what)
    {
        var bytes = AnswerSeal.NameFor(Bearer, $"{what}:{Key}").AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A secret that the call makes, which only its bearer can derive again: 32 bytes.</summary>
    public byte[] DerivedSecretFor(string what) => AnswerSeal.NameFor(Bearer, $"secret {what}:{Key}");

    /// <summary>The call as grains know it that answer without secrets.</summary>
    public Idempotency Plain => new() { Key = Name, Request = Request, Sealed = [] };

    public Idempotency Seal(SecretPair minted, TokenId id) =>
        new() { Key = Name, Request = Request, Sealed = SecretMint.SealForCaller(minted, Bearer, Key, id), Fresh = Fresh };

    /// <summary>Notes on the request the call that it makes, where it has a key.</summary>
    /// <param name="request">the request</param>
    /// <param name="bearer">the presented secret</param>
    /// <param name="implicitly">without a key, bearer and request are one</param>
    /// <param name="isRetry">the client says that it asked before</param>
    /// <returns>what is wrong with its key; null where nothing is</returns>
    public static async ValueTask<RequestError?> Read(
        ApiRequest request, Secret bearer, bool implicitly = false, bool isRetry = false)
    {
        if (request.IsPreview
            && request.Http.GetEndpoint()?.Metadata.GetMetadata<IPreviewMetadata>() is not { IsKept: true })
        {
            // Nothing is carried out that could be answered again.
            return null;
        }

        var given = request.Http.Request.Headers[Header];
        var isImplicit = given.Count == 0;
        if (isImplicit && !implicitly)
        {
            return null;
        }

        if (!isImplicit && !IsKey(given))
        {
            return new RequestError(
                Header, "header", $"must be given once, with 1 to {LongestKey} printable ASCII characters");
        }

        var hash = HashOf(request.Http.Request, await request.Body());
        var key = isImplicit ? "request " + Convert.ToHexStringLower(hash) : given.ToString();
        var name = AnswerSeal.NameFor(bearer, "idempotency:" + key);
        request.Idempotent = new IdempotentCall(bearer, key, name, hash, Fresh: isImplicit && !isRetry, isImplicit);
        return null;
    }

    private static bool IsKey(StringValues given) =>
        given is [{ Length: > 0 and <= LongestKey } key] && key.All(c => c is >= ' ' and <= '~');

    private static byte[] HashOf(HttpRequest request, byte[] body) =>
        SHA256.HashData(
            [.. Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"), .. body]);
}

/// <summary>Marks a route that mints: it takes an idempotency key, under which its answer can be given again.</summary>
/// <param name="Creates">the token's id is derived from caller and key</param>
/// <param name="Show">how the route answers with a token and its new secrets; null where none were minted</param>
internal sealed record MintingRoute(bool Creates, Func<TokenView, SecretPair?, IResult> Show);

/// <summary>Says of a route what a preview of it leaves.</summary>
internal interface IPreviewMetadata
{
    /// <summary>Something that can be used later.</summary>
    bool IsKept { get; }
}

/// <summary>Marks a route that makes something else than a token and takes an idempotency key.</summary>
internal sealed record IdempotentRoute;
