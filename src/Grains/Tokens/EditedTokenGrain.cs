using TokenActors.Domain.Grants;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Tokens;

/// <summary>Several changes of a token as one, and how far a caller may go with them.</summary>
public abstract class EditedTokenGrain : CountedTokenGrain
{
    private protected EditedTokenGrain(
        IRecordStore store, SiloLease lease, TokenSettings settings, LocalAuthorities authorities, LocalTokens local,
        TokenVerifier verifier, PepperRing peppers, RestrictionGate gate, TimeProvider time)
        : base(store, lease, settings, authorities, local, verifier, peppers, time) => Gate = gate;

    /// <summary>Says whether a restriction is safe with every program.</summary>
    private protected RestrictionGate Gate { get; }

    public Task<TokenAnswer> Edit(EditToken command, CancellationToken cancellationToken) =>
        GuardLife(command.Context, state => EditWithin(state, command, cancellationToken), cancellationToken);

    private async Task<TokenAnswer> EditWithin(TokenState state, EditToken command, CancellationToken cancellationToken)
    {
        if (TokenEdits.Of(command) is not { } changes)
        {
            return Refused(TokenRefusal.LifeOutOfBounds);
        }

        if (changes.Addresses is { } addresses && addresses != state.Addresses
            && await TokenRestrictions.RefusalOf(
                state, addresses, command.Context.Caller, Store, Gate, cancellationToken) is { } beyond)
        {
            return Refused(beyond) with { TooMuch = ["addresses"] };
        }

        if (changes.Limits is { } limits
            && await TokenRestrictions.RefusalOf(state, limits, command.Context.Caller, Store, Gate) is { } more)
        {
            return Refused(more) with { TooMuch = ["limits"] };
        }

        if (changes.Binding is { } wanted)
        {
            var (binding, refusal) = await Bind(state, wanted, command, cancellationToken);
            if (refusal is { } no)
            {
                return Refused(no);
            }

            changes = changes with { Binding = binding };
        }

        if (changes is { Addresses.IsAnywhere: false } or { Limits.IsNone: false }
            && !await Gate.Admits(Restriction.OfTokens, command.Context))
        {
            return Refused(TokenRefusal.UpgradePending);
        }

        var pair = Peppers.Digests(command.Secrets);

        // Taken out before the commit, during which verifications go on.
        var unspent = changes.Limits is null ? 0 : TakeUnspent();
        changes = changes with { Unspent = unspent };
        TokenAnswer answer;
        try
        {
            answer = await Execute(command.Context, _ => new TokenCommand.Edit(changes, pair), cancellationToken);
        }
        catch (Exception e) when (e is PreviewedException or OperationCanceledException)
        {
            // Nothing was written.
            GiveBack(unspent);
            throw;
        }

        if (answer is { Refusal: not null } or { Unchanged: true } or { Secrets: AnswerSecrets.SealedForCaller }
            || state.Limits == changes.Limits)
        {
            GiveBack(unspent);
        }

        return answer with
        {
            Replaced = answer.Secrets == AnswerSecrets.SealedForCaller
                ? answer.Sealed is { Length: > 0 }
                : answer.Refusal is null && Current?.Primary?.Access.Digest == pair.Access.Digest,
        };
    }

    /// <summary>Other roles, by their ids, or actions; or why a caller may not bind the token to them.</summary>
    private async Task<(GrantBinding Binding, TokenRefusal? Refusal)> Bind(
        TokenState state, GrantBinding binding, EditToken command, CancellationToken cancellationToken)
    {
        if (command.Context.Caller is not { } caller)
        {
            return (binding, null);
        }

        if (command.Roles?.Length > Resources.MostNames || command.Resources is { HasTooMany: true })
        {
            return (binding, TokenRefusal.TooManyItems);
        }

        var query = new PublishedToken(state with { Binding = binding }).Owner;
        var owner = await Owner.Ask(state.OrganizationId, query, cancellationToken);
        if (binding is GrantBinding.Roles && owner.UnknownRoles.Length > 0)
        {
            return (binding, TokenRefusal.UnknownRole);
        }

        var wanted = ((binding as GrantBinding.Own)?.Grant ?? owner.RolesGrant).From(state.Addresses);
        return (TokenAdmission.Bound(binding, owner), wanted.IsWithin(caller.Grant) ? null : TokenRefusal.BeyondGrant);
    }
}
