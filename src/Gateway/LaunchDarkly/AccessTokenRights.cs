using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.LaunchDarkly;

/// <summary>
/// What a bearer may do to access tokens, in LaunchDarkly's rules: everyone sees service tokens and its own member's;
/// managing any token, itself included, takes the role admin or a role that allows the action. Grains hold what may be
/// done against the grant besides.
/// </summary>
internal sealed class AccessTokenRights
{
    private readonly Bearer _bearer;
    private readonly InlineRole? _policy;
    private readonly bool _isAccessToken;

    public AccessTokenRights(Bearer bearer)
    {
        _bearer = bearer;
        _isAccessToken = bearer.Token.Profile == TokenProfile.AccessToken.Name;
        _policy = _isAccessToken ? AccessTokenDetails.Of(bearer.Token).Policy : null;
        OwnMember = bearer.Token.Independent ? null : bearer.Caller.MemberId;
    }

    /// <summary>Whose personal tokens the bearer sees; null for a service token, which belongs to no member.</summary>
    public MemberId? OwnMember { get; }

    public bool IsAdmin => _policy is null && _bearer.AdministersTokens;

    /// <summary>Tokens of the Management API need its permissions; an access token may always look.</summary>
    public bool MayList => _isAccessToken || _bearer.May("tokens:list");

    public bool Sees(TokenView token) => IsAdmin || token.Independent || token.MemberId == OwnMember;

    /// <summary>Whether it may do something to a token; looking at one needs no right.</summary>
    public bool May(string? action, TokenView token) => action is null || May(action, ResourceOf(token));

    public bool MayCreate(AccessTokenDetails details) =>
        May(AccessTokenActions.Create, details.ServiceToken ? "service-token/*" : $"member/{LaunchDarklyApi.Short(_bearer.Caller.MemberId.Value)}:token/*");

    /// <summary>A bearer whose rights an inline role spells out gives no rights that this role does not.</summary>
    public bool MayGive(AccessTokenDetails details) =>
        _policy is not { } own || (details.CustomRoleIds is null
            && (details.Policy is { } policy ? policy.IsWithin(own) : details.Role is "reader" or "writer"));

    private bool May(string action, string resource) =>
        _bearer.May(AccessTokenActions.NeededFor(action)) && _policy?.Allows(action, resource) != false;

    private static string ResourceOf(TokenView token)
    {
        var id = LaunchDarklyApi.Short(token.Id.Value);
        return token.Independent
            ? $"service-token/{id}"
            : $"member/{LaunchDarklyApi.Short(token.MemberId.Value)}:token/{id}";
    }
}
