using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Records;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Tokens;

/// <summary>What is asked before a token is made, whoever makes it.</summary>
internal static class TokenIssuing
{
    /// <summary>The token to make, or why it is refused.</summary>
    /// <param name="id">its id</param>
    /// <param name="command">what is wanted</param>
    /// <param name="store">counts tokens, where their number is limited</param>
    /// <param name="settings">the operator's limits</param>
    /// <param name="ask">asks an organization</param>
    public static async Task<(TokenSpec? Spec, TokenRefusal Refusal)> Admit(
        TokenId id, IssueToken command, IRecordStore store, TokenSettings settings, Func<OrganizationId, StandingQuery, ValueTask<Standing>> ask)
    {
        var caller = command.Context.Caller;
        if (caller is not null && caller.OrganizationId != command.OrganizationId)
        {
            return (null, TokenRefusal.NotFound);
        }

        GoDuration? ttl = null;
        if (command.Ttl is { } text && !GoDuration.TryParseLife(text, out ttl, out _))
        {
            return (null, TokenRefusal.LifeOutOfBounds);
        }

        var spec = SpecOf(id, command, ttl);
        var standing = await ask(command.OrganizationId, new StandingQuery
        {
            MemberId = command.MemberId,
            Roles = command.Roles,
            Ancestors = spec.Ancestors,
            Within = [.. new[] { command.IntegrationId is { } integration ? Guid.Parse(integration) : (Guid?)null, command.AccountId }.OfType<Guid>()],
        });
        if (RefusalOf(standing) is { } refusal)
        {
            return (null, refusal);
        }

        var grant = (spec.Binding as GrantBinding.Own)?.Grant ?? standing.RolesGrant;
        if (caller is not null && !grant.IsWithin(caller.Grant))
        {
            return (null, TokenRefusal.BeyondGrant);
        }

        return settings.MostLiveTokens > 0
            && await store.Count(new(Kinds.Token, spec.OrganizationId.ToString(), Shelf: spec.Profile.Shelf)) >= settings.MostLiveTokens
                ? (null, TokenRefusal.TooManyTokens)
                : (spec, default);
    }

    /// <summary>Why an organization's answer keeps a token from working; null where it does not.</summary>
    public static TokenRefusal? RefusalOf(Standing standing, bool independent = false) => standing switch
    {
        { Exists: false } => TokenRefusal.NotFound,
        { Blocked: true } => TokenRefusal.OrganizationDisabled,
        { MemberStands: false } when !independent => TokenRefusal.OwnerGone,
        { AboveStands: false } => TokenRefusal.OwnerGone,
        _ => null,
    };

    public static MintedPair Digests(MintedSecrets secrets, PepperRing peppers)
    {
        MintedCredential Of(MintedSecret secret) => new(peppers.Digest(secret.Fingerprint), secret.LastFour);
        return new(Of(secrets.Access), secrets.Refresh is { } refresh ? Of(refresh) : null);
    }

    private static TokenSpec SpecOf(TokenId id, IssueToken command, GoDuration? ttl) => new()
    {
        Id = id,
        OrganizationId = command.OrganizationId,
        MemberId = command.MemberId,
        OwnerType = command.IntegrationId is not null ? TokenOwnerType.Integration
            : command.Principal is not null ? TokenOwnerType.Principal
            : TokenOwnerType.Organization,
        OwnerId = command.IntegrationId ?? command.Principal ?? command.OrganizationId.ToString(),
        Profile = TokenProfile.Named(command.Profile),
        Name = command.Name,
        FullName = command.FullName,
        ParentId = command.Independent ? null : command.Context.Caller?.TokenId,
        Ancestors = command is { Independent: false, Context.Caller: { } caller } ? [caller.TokenId, .. caller.Ancestors] : [],
        Binding = command.PermissionSet is { } set ? new GrantBinding.Adhoc(set, command.Resources ?? Resources.All)
            : command.Actions is { } actions ? new GrantBinding.Listed(ActionSet.Of(actions), command.Resources ?? Resources.All)
            : new GrantBinding.Roles(command.Roles),
        Claims = command.Claims,
        AccountId = command.AccountId,
        Ttl = ttl,
        LongestTtl = command.LongestTtl,
        ExpiresAt = command.ExpiresAt,
        Independent = command.Independent,
        Enabled = !command.Disabled,
        SecretVersion = command.SecretVersion ?? 1,
    };
}
