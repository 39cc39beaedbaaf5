using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Http;

/// <summary>The verified bearer of a request.</summary>
/// <param name="Secret">what was presented</param>
/// <param name="Caller">on whose behalf grains are asked</param>
/// <param name="Token">the token that the secret belongs to</param>
internal sealed record Bearer(Secret Secret, Caller Caller, TokenView Token)
{
    public OrganizationId OrganizationId => Caller.OrganizationId;

    /// <summary>The organization's id as grants write it.</summary>
    public string Organization => field ??= OrganizationId.ToString();

    /// <summary>May do it to something in the organization; to what, is asked where that is known.</summary>
    public bool May(string action) => Caller.Grant.Permits(action, Organization);

    /// <summary>Administers tokens, so that it sees all of the organization's and not only its own member's.</summary>
    public bool AdministersTokens => May("tokens:reset");
}

/// <summary>What a route needs of its bearer.</summary>
/// <param name="Permission">the action; null where any token of the right kind may</param>
/// <param name="ChangesPassword">admits the token of a member whose password must be changed</param>
internal sealed record RoutePolicy(string? Permission, bool ChangesPassword = false);

internal static class BearerExtensions
{
    public static TBuilder Needs<TBuilder>(this TBuilder builder, string? permission, bool changesPassword = false)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RoutePolicy(permission, changesPassword));

    /// <summary>
    /// The secret after <c>Bearer</c> in the Authorization header, and the token that it names; null where it cannot be
    /// ours.
    /// </summary>
    public static (Secret Secret, TokenId Id)? PresentedBearer(this HttpContext http)
    {
        var secret = http.BearerText();
        return SecretFormat.TryParse(secret, out var id) ? (new Secret(secret.ToString()), id) : null;
    }

    /// <summary>What stands after <c>Bearer</c>, whatever it is; empty where there is none, or more than one.</summary>
    public static ReadOnlySpan<char> BearerText(this HttpContext http)
    {
        const string scheme = "Bearer ";
        var header = http.Request.Headers.Authorization;
        return header.Count == 1 && header[0] is { } text && text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? text.AsSpan(scheme.Length).Trim()
            : [];
    }
}
