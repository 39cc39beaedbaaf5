using TokenActors.Domain.Grants;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.LocalReads;

/// <summary>What may be shown of a token that is not deleted.</summary>
internal static class TokenViews
{
    public static TokenView Of(TokenState state, DateTimeOffset? lastUsed, DateTimeOffset now) => new()
    {
        Id = state.Id,
        OrganizationId = state.OrganizationId,
        MemberId = state.MemberId,
        OwnerType = state.OwnerType,
        OwnerId = state.OwnerId,
        Profile = state.Profile.Name,
        Name = state.Name,
        FullName = state.FullName,
        ParentId = state.ParentId,
        BelongsTo = state.BelongsTo,
        Roles = state.Binding is GrantBinding.Roles roles ? RoleReference.NamesOf(roles.Names) : [],
        RoleReferences = state.Binding is GrantBinding.Roles bound ? bound.Names : [],
        PermissionSet = (state.Binding as GrantBinding.Adhoc)?.PermissionSet,
        Actions = state.Binding is GrantBinding.Listed listed ? [.. listed.Actions.Names()] : null,
        Resources = state.Binding switch
        {
            GrantBinding.Adhoc adhoc => adhoc.Resources,
            GrantBinding.Listed own => own.Resources,
            _ => null,
        },
        Claims = state.Claims,
        Ttl = state.Ttl.Text,
        CreatedAt = state.CreatedAt,
        UpdatedAt = state.UpdatedAt,
        ExpiresAt = state.ExpiresAt,
        LifeBeganAt = state.LifeBeganAt,
        Enabled = state.Enabled,
        Version = state.Version,
        Primary = state.Primary is { } primary
            ? Of(primary)
            : throw new ArgumentException($"token {state.Id} is deleted", nameof(state)),
        Secondary = state.Secondary is { } secondary && now < secondary.EndsAt ? Of(secondary.Pair.EndingBy(state.ExpiresAt)) : null,
        SecondaryDeadline = state.Secondary?.Deadline,
        LastUsedAt = lastUsed,
        SecretVersion = state.SecretVersion,
        Independent = state.Independent,
        AccountId = state.AccountId,
        Addresses = state.Addresses.Texts,
        Limits = LimitsOfToken.From(state.Limits, state.UsesLeft),
        Notes = state.Notes == TokenNotes.None ? null : NotesOfToken.From(state.Notes),
    };

    /// <summary>With its roles under the names that they have now: another role may have come to bear a former one.</summary>
    public static TokenView WithPresentRoles(TokenView token, OwnerStatus owner) =>
        token.RoleReferences.Length == owner.Bound.Length
        && token.RoleReferences.Any(role => RoleReference.IdOf(role) is not null)
            ? token with { Roles = RoleReference.NamesOf(owner.Bound) }
            : token;

    private static PairView Of(CredentialPair pair) => new()
    {
        Access = Of(pair.Access),
        Refresh = pair.Refresh is { } refresh ? Of(refresh) : null,
        MintedAt = pair.MintedAt,
    };

    private static CredentialView Of(Credential credential) =>
        new() { LastFour = credential.LastFour, ExpiresAt = credential.ExpiresAt };
}
