using Microsoft.AspNetCore.Authentication;

namespace TokenActors.AspNetCore;

/// <summary>How a resource server asks TokenActors about the tokens that it is shown.</summary>
public sealed class TokenActorsOptions : AuthenticationSchemeOptions
{
    /// <summary>Where the service is, such as <c>https://tokens.example.com</c>. Required.</summary>
    public Uri? Service { get; set; }

    /// <summary>
    /// The resource server's own access secret. Its token needs <c>tokens:get</c> in all of its organization; tokens of
    /// other organizations are refused. Required. What makes the options is asked again where the application's
    /// configuration changes, so that the secret may be replaced while the server runs; what makes no options, as an
    /// empty file, leaves those of before. The line end of a file that it comes from is left out.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>
    /// The kinds of tokens that are let in, by the word that introspection says as <c>profile</c>; empty for all kinds
    /// but <c>mcp</c>, whose tokens are for the server that they name.
    /// </summary>
    public ISet<string> Profiles { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>
    /// Whether the caller's address is told to the service, as <c>client_ip</c>. Where the server stands behind a
    /// proxy, it needs <c>UseForwardedHeaders</c> before it.
    /// </summary>
    public bool SendsClientAddress { get; set; } = true;

    /// <summary>
    /// How long an answer of the service is kept, while its stream of revocations says that it holds. Zero keeps none.
    /// </summary>
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How old the last heartbeat of the stream may be. With the stream cut, a revoked token is let in for this long at
    /// most; then every request asks the service until the stream is back.
    /// </summary>
    public TimeSpan Bound { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Service is not { IsAbsoluteUri: true, Scheme: "https" or "http" })
        {
            throw new InvalidOperationException(
                $"{nameof(TokenActorsOptions)}.{nameof(Service)} must be an absolute http or https URL");
        }

        if (string.IsNullOrWhiteSpace(Secret) || Secret.Trim().Any(c => c is <= ' ' or > '~'))
        {
            throw new InvalidOperationException(
                $"{nameof(TokenActorsOptions)}.{nameof(Secret)} must be an access secret with tokens:get");
        }

        if (CacheFor < TimeSpan.Zero || Bound <= TimeSpan.Zero)
        {
            throw new InvalidOperationException(
                $"{nameof(CacheFor)} must not be negative, and {nameof(Bound)} longer than nothing");
        }
    }
}
