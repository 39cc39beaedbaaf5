using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace TokenActors.AspNetCore;

/// <summary>
/// Authenticates the bearer of a request by introspection. Without an answer of the service it is challenged with 503,
/// so that a client asks again instead of throwing its token away.
/// </summary>
internal sealed class TokenActorsHandler(
    IOptionsMonitor<TokenActorsOptions> options, ILoggerFactory logger, UrlEncoder encoder, IServiceProvider services)
    : AuthenticationHandler<TokenActorsOptions>(options, logger, encoder)
{
    private const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } header]
            || !header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var introspection = services.GetRequiredKeyedService<CachedIntrospection>(Scheme.Name);
        var address = Options.SendsClientAddress ? Context.Connection.RemoteIpAddress?.ToString() : null;
        try
        {
            var token = await introspection.Introspect(
                header[Prefix.Length..].Trim(), address, Context.RequestAborted).ConfigureAwait(false);
            return token.Opens && IsLetIn(token.Text("profile"))
                ? AuthenticateResult.Success(new AuthenticationTicket(PrincipalOf(token), Scheme.Name))
                : AuthenticateResult.Fail("the token is not accepted");
        }
        catch (ServiceUnreachableException e)
        {
            return AuthenticateResult.Fail(e);
        }
    }

    /// <summary>A token for an MCP server is for that server alone (RFC 8707), unless its kind is named.</summary>
    private bool IsLetIn(string? profile) =>
        Options.Profiles.Count == 0 ? profile != "mcp" : Options.Profiles.Contains(profile ?? "");

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync().ConfigureAwait(false);
        if (result.Failure is ServiceUnreachableException)
        {
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            Response.Headers.RetryAfter = "1";
            return;
        }

        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.Append(
            HeaderNames.WWWAuthenticate, result.Failure is null ? "Bearer" : "Bearer error=\"invalid_token\"");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        Response.Headers.Append(HeaderNames.WWWAuthenticate, "Bearer error=\"insufficient_scope\"");
        return Task.CompletedTask;
    }

    /// <summary>Each member of the answer as a claim of its own name; those of objects and lists as JSON.</summary>
    private ClaimsPrincipal PrincipalOf(IntrospectedToken token)
    {
        var identity = new ClaimsIdentity(Scheme.Name, "username", "scope");
        foreach (var member in token.Members.EnumerateObject())
        {
            foreach (var value in ValuesOf(member))
            {
                identity.AddClaim(
                    new Claim(member.Name, value, ClaimValueTypes.String, token.Text("iss") ?? ClaimsIssuer));
            }
        }

        return new ClaimsPrincipal(identity);
    }

    private static string[] ValuesOf(JsonProperty member) => member switch
    {
        { Name: "scope", Value.ValueKind: JsonValueKind.String } =>
            (member.Value.GetString() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
        { Value.ValueKind: JsonValueKind.String } => [member.Value.GetString() ?? ""],
        { Value.ValueKind: JsonValueKind.Number } => [member.Value.GetInt64().ToString(CultureInfo.InvariantCulture)],
        _ => [member.Value.GetRawText()],
    };
}
