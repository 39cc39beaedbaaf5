using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tokens;

/// <summary>Who may restrict a token, and how far a restriction may be widened.</summary>
internal static class TokenRestrictions
{
    private static readonly Restriction[] None = [];
    private static readonly Restriction[] Restricted = [Restriction.OfTokens];
    private static readonly Restriction[] Outliving = [Restriction.Belonging];
    private static readonly Restriction[] Both = [Restriction.OfTokens, Restriction.Belonging];

    /// <summary>Whether a new token is as safe with every silo of the cluster as with this one.</summary>
    public static bool Know(this RestrictionGate gate, TokenSpec spec) =>
        Array.TrueForAll(RestrictionsOf(spec), gate.IsKnown);

    /// <summary>The same, asked last before it is made: from then on no older program starts.</summary>
    public static async ValueTask<bool> Admits(this RestrictionGate gate, TokenSpec spec, CallContext context)
    {
        foreach (var restriction in RestrictionsOf(spec))
        {
            if (!await gate.Admits(restriction, context))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The command of a step that names no caller of its own: the token is bound to the addresses of who takes the
    /// step.
    /// </summary>
    public static IssueToken From(this IssueToken command, Caller? caller) =>
        caller is null ? command : command with { Addresses = command.Addresses ?? caller.Grant.Addresses.Texts };

    /// <summary>
    /// Why a token may not be given addresses; null where it may. They lie within those of the caller, and within those
    /// that the token it was made with has now.
    /// </summary>
    /// <param name="state">the token</param>
    /// <param name="wanted">the addresses</param>
    /// <param name="caller">who asks; null for the operator's own code</param>
    /// <param name="store">reads the token that it was made with</param>
    /// <param name="gate">says whether it is safe with every silo</param>
    /// <param name="cancellationToken">ends the reading</param>
    public static async Task<TokenRefusal?> RefusalOf(
        TokenState state, AddressRanges wanted, Caller? caller, IRecordStore store, RestrictionGate gate,
        CancellationToken cancellationToken)
    {
        if (!wanted.IsAnywhere && !gate.IsKnown(Restriction.OfTokens))
        {
            return TokenRefusal.UpgradePending;
        }

        if (caller is not null && !wanted.IsWithin(caller.Grant.Addresses))
        {
            return TokenRefusal.BeyondGrant;
        }

        return state.ParentId != state.Id
            && await store.Read(new RecordKey(Kinds.Token, state.ParentId.ToString())).UntilCanceled(cancellationToken)
                is { } parent
            && !wanted.IsWithin(TokenRow.Read(parent).Addresses)
                ? TokenRefusal.BeyondGrant
                : null;
    }

    /// <summary>
    /// Why a token may not be given limits; null where it may. It gives itself no more than it has, and nor does what
    /// was made with it.
    /// </summary>
    public static async ValueTask<TokenRefusal?> RefusalOf(
        TokenState state, TokenLimits wanted, Caller? caller, IRecordStore store, RestrictionGate gate)
    {
        if (!wanted.IsNone && !gate.IsKnown(Restriction.OfTokens))
        {
            return TokenRefusal.UpgradePending;
        }

        return caller is not null && !wanted.IsWithin(state.Limits) && await IsOrWasMadeWith(caller, state.Id, store)
            ? TokenRefusal.BeyondGrant
            : null;
    }

    /// <summary>
    /// Whether a caller is a token, or was made with it, also where it does not die with it: then only the rows above
    /// say so, as far as they are kept.
    /// </summary>
    private static async ValueTask<bool> IsOrWasMadeWith(Caller caller, TokenId token, IRecordStore store)
    {
        if (caller.TokenId == token || caller.Ancestors.Contains(token))
        {
            return true;
        }

        var id = (caller.Ancestors is [.., var last] ? last : caller.TokenId).ToString();
        while (await store.Read(new RecordKey(Kinds.Token, id)) is { ParentId: { } maker } && maker != id)
        {
            if (maker == token.ToString())
            {
                return true;
            }

            id = maker;
        }

        return false;
    }

    /// <summary>Arrays that are made once: every token that is made is asked about.</summary>
    private static Restriction[] RestrictionsOf(TokenSpec spec) =>
        spec.Profile == TokenProfile.Imported
            ? [Restriction.Imports, .. RestrictionsOfAny(spec)]
            : RestrictionsOfAny(spec);

    private static Restriction[] RestrictionsOfAny(TokenSpec spec) =>
        (!spec.Addresses.IsAnywhere || !spec.Limits.IsNone, spec.BelongsTo != TokenBelonging.Parent) switch
        {
            (false, false) => None,
            (true, false) => Restricted,
            (false, true) => Outliving,
            (true, true) => Both,
        };
}
