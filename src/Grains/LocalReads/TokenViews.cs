using System.Collections.Immutable;
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
        Secondary = state.Secondary is { } secondary && now < secondary.EndsAt
            ? Of(secondary.Pair.EndingBy(state.ExpiresAt))
            : null,
        SecondaryDeadline = state.Secondary?.Deadline,
        LastUsedAt = lastUsed,
        SecretVersion = state.SecretVersion,
        Independent = state.Independent,
        AccountId = state.AccountId,
        Addresses = state.Addresses.Texts,
        Limits = LimitsOfToken.From(state.Limits, state.UsesLeft),
        Notes = state.Notes == TokenNotes.None ? null : NotesOfToken.From(state.Notes),
    };

    /// <summary>
    /// With its roles under the names that they have now, and without those that are deleted: another role may have
    /// come to bear a former name.
    /// </summary>
    public static TokenView WithPresentRoles(TokenView token, OwnerStatus owner) =>
        IsBoundById(token) && token.RoleReferences.Length == owner.Bound.Length
            ? token with { Roles = RoleReference.NamesOf([.. owner.Bound.Where(role => !owner.UnknownRoles.Contains(role))]) }
            : token;

    /// <summary>The same of tokens of one organization, which is asked once.</summary>
    public static async Task<ImmutableArray<TokenView>> WithPresentRoles(
        ImmutableArray<TokenView> tokens, IOrganizationGrain organization, CancellationToken cancellationToken)
    {
        ImmutableArray<string> bound = [.. tokens.Where(IsBoundById).SelectMany(token => token.RoleReferences).Distinct()];
        if (bound.IsEmpty)
        {
            return tokens;
        }

        var resolved = await organization.ResolveRoles(bound, cancellationToken);
        if (resolved.Bound.Length != bound.Length)
        {
            return tokens;
        }

        var gone = resolved.Unknown.ToHashSet();
        var names = bound.Zip(RoleReference.NamesOf(resolved.Bound)).Where(role => !gone.Contains(role.First))
            .ToDictionary(role => role.First, role => role.Second);
        return
        [
            .. tokens.Select(token => IsBoundById(token)
                ? token with { Roles = [.. token.RoleReferences.Where(names.ContainsKey).Select(role => names[role])] }
                : token),
        ];
    }

    private static bool IsBoundById(TokenView token) =>
        token.RoleReferences.Any(role => RoleReference.IdOf(role) is not null);

    private static PairView Of(CredentialPair pair) => new()
    {
        Access = Of(pair.Access),
        Refresh = pair.Refresh is { } refresh ? Of(refresh) : null,
        MintedAt = pair.MintedAt,
    };

    private static CredentialView Of(Credential credential) =>
        new() { LastFour = credential.LastFour, ExpiresAt = credential.ExpiresAt };
}
