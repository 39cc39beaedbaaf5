using System.Security.Cryptography;
using System.Text.Json;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Lifecycle.Leaks;

/// <summary>
/// A report that a partner signs in place of a bearer, as GitHub's secret scanning does: ECDSA on P-256 with SHA-256
/// over the bytes of the body, under a key that the operator configured. The organization is that of each secret.
/// </summary>
internal sealed class SignedReportFilter(
    LifecycleApi api, GatewayOptions options, TokenGrains tokens, RateLimits limits)
    : IEndpointFilter
{
    /// <summary>Names the key.</summary>
    public const string KeyHeader = "Github-Public-Key-Identifier";

    /// <summary>The signature, ASN.1 DER in base64.</summary>
    public const string SignatureHeader = "Github-Public-Key-Signature";

    /// <summary>In characters: the signature of a P-256 key has at most 72 bytes.</summary>
    private const int LongestSignature = 96;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = ApiRequest.Of(context.HttpContext);
        var headers = request.Http.Request.Headers;
        var isSigned = headers.ContainsKey(KeyHeader) || headers.ContainsKey(SignatureHeader);
        return isSigned && headers.Authorization.Count == 0 ? await Take(request) : await next(context);
    }

    private async Task<object> Take(ApiRequest request)
    {
        if (limits.TooManyFailures(request.Address) is { } wait)
        {
            return api.Error(ApiError.TooManyRequests(wait));
        }

        // Nothing of the body is read where no key that is known has signed anything.
        if (SignatureOf(request.Http.Request.Headers) is not { Signer: var signer } signature
            || await request.Body() is not { } body || !signature.IsOf(body))
        {
            limits.NoteFailure(request.Address);
            return api.Error(ApiError.Unauthorized);
        }

        if (limits.Report(signer) is { } pause)
        {
            return api.Error(ApiError.TooManyRequests(pause));
        }

        var (secrets, errors) = Read(body);
        if (errors.Count > 0)
        {
            return api.Error(ApiError.Invalid(errors));
        }

        await LeakRoutes.Revoke(request, tokens, secrets);
        return new ReportTaken();
    }

    /// <summary>The signature under a key that is known; null where there is none.</summary>
    private Signature? SignatureOf(IHeaderDictionary headers)
    {
        if (headers[KeyHeader] is not [{ } id] || headers[SignatureHeader] is not [{ Length: <= LongestSignature } text]
            || !options.ReportKeys.TryGetValue(id, out var publicKey))
        {
            return null;
        }

        var bytes = new byte[LongestSignature];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? new Signature(id, publicKey, bytes[..length])
            : null;
    }

    /// <summary>
    /// What was found: a list of objects with a <c>token</c> each, of whose other fields nothing is asked, or the same
    /// body as with a bearer.
    /// </summary>
    private static (IReadOnlyList<string> Secrets, IReadOnlyList<RequestError> Errors) Read(byte[] body)
    {
        if (!RequestBody.TryParseAny(body, out var element, out var error))
        {
            return ([], [error]);
        }

        List<RequestError> errors = [];
        if (element.ValueKind == JsonValueKind.Object)
        {
            return (LeakReport.Read(new JsonFields("", element, errors))?.Secrets ?? [], errors);
        }

        if (element.ValueKind != JsonValueKind.Array)
        {
            return ([], [new RequestError("", "body", "must be a list of objects")]);
        }

        List<string> secrets = [];
        foreach (var (i, item) in element.EnumerateArray().Index())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                errors.Add(new RequestError($"/{i}", "body", "must be an object"));
            }
            else if (new JsonFields($"/{i}", item, errors).Text("token", required: true, mayHoldSecret: true) is { } secret)
            {
                secrets.Add(secret);
            }
        }

        return (secrets, errors);
    }

    /// <summary>A signature that a body may be of.</summary>
    /// <param name="Signer">the id of the key</param>
    /// <param name="PublicKey">its SubjectPublicKeyInfo</param>
    /// <param name="Bytes">ASN.1 DER</param>
    private sealed record Signature(string Signer, byte[] PublicKey, byte[] Bytes)
    {
        public bool IsOf(byte[] body)
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(PublicKey, out _);
            return key.VerifyData(body, Bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
    }
}
