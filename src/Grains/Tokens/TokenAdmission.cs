using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tokens;

/// <summary>What is asked before a token is made, whoever makes it.</summary>
internal static class TokenAdmission
{
    /// <summary>The token to make, or why it is refused.</summary>
    /// <param name="id">its id</param>
    /// <param name="command">what is wanted</param>
    /// <param name="store">knows what the token opens and hangs on</param>
    /// <param name="place">is taken for the token where it is admitted, and to be released once it is made</param>
    /// <param name="settings">the operator's limits</param>
    /// <param name="gate">says whether a restricted token is safe with every silo</param>
    /// <param name="ask">asks an organization</param>
    /// <param name="cancellationToken">ends the questions</param>
    public static async Task<(TokenSpec? Spec, TokenRefusal Refusal)> Admit(
        TokenId id,
        IssueToken command,
        IRecordStore store,
        TokenPlace place,
        TokenSettings settings,
        RestrictionGate gate,
        Func<OrganizationId, OwnerStatusQuery, CancellationToken, ValueTask<OwnerStatus>> ask,
        CancellationToken cancellationToken)
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

        if (caller is not null && HasTooMany(command))
        {
            return (null, TokenRefusal.TooManyItems);
        }

        return await Admit(
            SpecOf(id, command, ttl), command.Context, store, place, settings, gate, ask, cancellationToken);
    }

    /// <summary>The token to make as it is to be made, or why it is refused.</summary>
    /// <param name="spec">what is wanted</param>
    /// <param name="context">names who wants it</param>
    /// <param name="store">knows what the token opens and hangs on</param>
    /// <param name="place">is taken for the token where it is admitted, and to be released once it is made</param>
    /// <param name="settings">the operator's limits</param>
    /// <param name="gate">says whether a restricted token is safe with every silo</param>
    /// <param name="ask">asks an organization</param>
    /// <param name="cancellationToken">ends the questions</param>
    public static async Task<(TokenSpec? Spec, TokenRefusal Refusal)> Admit(
        TokenSpec spec,
        CallContext context,
        IRecordStore store,
        TokenPlace place,
        TokenSettings settings,
        RestrictionGate gate,
        Func<OrganizationId, OwnerStatusQuery, CancellationToken, ValueTask<OwnerStatus>> ask,
        CancellationToken cancellationToken)
    {
        var caller = context.Caller;
        if (!gate.Know(spec))
        {
            return (null, TokenRefusal.UpgradePending);
        }

        var query = new OwnerStatusQuery
        {
            MemberId = spec.MemberId,
            Roles = (spec.Binding as GrantBinding.Roles)?.Names ?? [],
            Ancestors = Makers(spec, caller),
            Within =
            [
                .. spec.OwnerType == TokenOwnerType.Integration ? (ReadOnlySpan<Guid>)[Guid.Parse(spec.OwnerId)] : [],
                .. spec.AccountId is { } account ? (ReadOnlySpan<Guid>)[account] : [],
            ],
        };
        var owner = await ask(spec.OrganizationId, query, cancellationToken);
        if (owner.RefusalFor(spec.Independent && caller is null) is { } refusal)
        {
            return (null, refusal);
        }

        spec = spec with { Binding = Bound(spec.Binding, owner) };

        // A role that is made later would give the token what nobody looked at.
        if (caller is not null && spec.Binding is GrantBinding.Roles && owner.UnknownRoles.Length > 0)
        {
            return (null, TokenRefusal.UnknownRole);
        }

        var grant = ((spec.Binding as GrantBinding.Own)?.Grant ?? owner.RolesGrant).From(spec.Addresses);
        if (caller is not null && !await TokenReach.CoversNew(store, spec, grant, caller, cancellationToken))
        {
            return (null, TokenRefusal.BeyondGrant);
        }

        // Nobody who may make but some tokens makes one that outlives them all.
        if (spec.BelongsTo == TokenBelonging.Organization
            && caller?.Grant.IsWholeIn(spec.OrganizationId.ToString(), TokenReach.Making) == false)
        {
            return (null, TokenRefusal.BeyondGrant);
        }

        if (!await gate.Admits(spec, context))
        {
            return (null, TokenRefusal.UpgradePending);
        }

        spec = spec with { EndsBy = await EndOfParent(spec, store, settings, cancellationToken) };

        // Last, so that no place is held for what is refused.
        return await place.Take(spec, settings.MostLiveTokens, context.IsPreview)
            ? (spec, default)
            : (null, TokenRefusal.TooManyTokens);
    }

    /// <summary>Whoever makes it has to live, also where it outlives them.</summary>
    private static ImmutableArray<TokenId> Makers(TokenSpec spec, Caller? caller) =>
        spec.ParentId is null || caller is null
            ? spec.Ancestors
            : TokenBelonging.Parent.Above(caller.TokenId, caller.Ancestors);

    /// <summary>When the token that it is made with ends, where the operator cuts children to it.</summary>
    private static async Task<DateTimeOffset?> EndOfParent(
        TokenSpec spec, IRecordStore store, TokenSettings settings, CancellationToken cancellationToken) =>
        settings.CutsChildren && spec is { BelongsTo: TokenBelonging.Parent, ParentId: { } parent }
            ? (await store.Read(new RecordKey(Kinds.Token, parent.ToString())).UntilCanceled(cancellationToken))?.ExpiresAt
            : null;

    /// <summary>To roles by their ids. A silo of before there were ids says none.</summary>
    public static GrantBinding Bound(GrantBinding binding, OwnerStatus owner) =>
        binding is GrantBinding.Roles { Names: { Length: > 0 } names } && owner.Bound.Length == names.Length
            ? new GrantBinding.Roles(owner.Bound)
            : binding;

    private static bool HasTooMany(IssueToken command) =>
        command.Roles.Length > Resources.MostNames || command.Resources is { HasTooMany: true };

    /// <summary>The token that a command asks for.</summary>
    public static TokenSpec SpecOf(TokenId id, IssueToken command, GoDuration? ttl = null) => new()
    {
        Id = id,
        OrganizationId = command.OrganizationId,
        MemberId = command.MemberId,
        OwnerType = command switch
        {
            { IntegrationId: not null } => TokenOwnerType.Integration,
            { Principal: not null } => TokenOwnerType.Principal,
            _ => TokenOwnerType.Organization,
        },
        OwnerId = command.IntegrationId ?? command.Principal ?? command.OrganizationId.ToString(),
        Profile = TokenProfile.Named(command.Profile),
        Name = command.Name,
        FullName = command.FullName,
        ParentId = command.Independent ? null : command.Context.Caller?.TokenId,
        BelongsTo = command.BelongsTo,
        Ancestors = command is { Independent: false, Context.Caller: { } caller }
            ? command.BelongsTo.Above(caller.TokenId, caller.Ancestors)
            : [],
        Binding = command switch
        {
            { PermissionSet: { } set } => new GrantBinding.Adhoc(set, command.Resources ?? Resources.All),
            { Actions: { } actions } =>
                new GrantBinding.Listed(ActionSet.Of(actions), command.Resources ?? Resources.All),
            _ => new GrantBinding.Roles(command.Roles),
        },
        Claims = command.Claims,
        Notes = command.Notes?.ToNotes() ?? TokenNotes.None,
        Limits = command.Limits?.ToLimits() ?? TokenLimits.None,

        // Whoever is bound to addresses makes what is bound to them.
        Addresses = command.Addresses is { } addresses
            ? AddressRanges.Of(addresses)
            : command.Context.Caller?.Grant.Addresses ?? AddressRanges.Anywhere,
        AccountId = command.AccountId,
        Ttl = ttl,
        LongestTtl = command.LongestTtl,
        ExpiresAt = command.ExpiresAt,
        Independent = command.Independent,
        Enabled = !command.Disabled,
        SecretVersion = command.SecretVersion ?? 1,
    };
}
