using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Boomerang;

/// <summary>
/// What a bearer may do to tokens. A global token acts for every principal, any other for its own only, by its
/// permissions; tokens of the Management API act by theirs, for every principal.
/// </summary>
internal sealed class FlowRights
{
    private readonly Bearer _bearer;
    private readonly IReadOnlyList<FlowPermission>? _permissions;

    public FlowRights(Bearer bearer)
    {
        _bearer = bearer;
        _permissions = FlowTypes.Is(bearer.Token)
            ? [.. FlowDetails.Of(bearer.Token).Permissions.Select(FlowPermission.Parse).OfType<FlowPermission>()]
            : null;
    }

    /// <summary>The only type and principal that it acts for; null for all.</summary>
    public (string Profile, string Principal)? Bounds =>
        _permissions is null || _bearer.Token.Profile == TokenProfile.FlowGlobal.Name
        ? null
        : (_bearer.Token.Profile, _bearer.Token.OwnerId);

    public bool May(FlowPermission needed) =>
        _permissions?.Any(permission => permission.Covers(needed))
        ?? FlowPermission.Reach([needed]).Names().All(_bearer.May);

    /// <summary>Whether the bearer acts for the principal, and has every permission itself.</summary>
    public bool MayGive(TokenCreateRequest request) =>
        (Bounds is not { } bounds
            || (FlowTypes.ProfileOf(request.Type).Name == bounds.Profile && request.Principal == bounds.Principal))
        && (_permissions is null || request.Parsed.All(asked => _permissions.Any(own => own.Covers(asked))));

    public bool Sees(TokenView token) =>
        FlowTypes.Is(token)
            && (Bounds is not { } bounds || (token.Profile == bounds.Profile && token.OwnerId == bounds.Principal));
}
