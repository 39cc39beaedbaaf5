using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Tokens;

/// <summary>
/// Writes the first row of a token without activating the token's grain, which would read before it writes and would
/// stay in memory whether the token is used or not. An id that was just made has no row to read. What needs the grain
/// is passed on to it.
/// </summary>
[StatelessWorker]
[GrainType("token-issuer")]
public sealed class TokenIssuerGrain(
    IRecordStore store, SiloLease lease, PepperRing peppers, TokenSettings settings, LocalAuthorities authorities,
    RestrictionGate gate, TimeProvider time)
    : Grain, ITokenIssuerGrain
{
    public async Task<TokenAnswer> Issue(TokenId id, IssueToken command, CancellationToken cancellationToken)
    {
        // An answer that can be given again is kept by the token's grain, which may have given it before; a preview
        // ends there.
        if (command.Context.Idempotency is not null || command.Context.IsPreview)
        {
            return await Token(id).Issue(command, cancellationToken);
        }

        var owner = new OwnerAsking(authorities, () => GrainFactory, time);
        TokenPlace place = new(GrainFactory, store);
        var (spec, refusal) = await TokenAdmission.Admit(
            id, command, store, place, settings, gate, owner.AskBefore, cancellationToken);
        if (spec is null)
        {
            return TokenSteps.Refused(refusal);
        }

        return await place.Around(Write(spec, command, owner, cancellationToken));
    }

    private async Task<TokenAnswer> Write(
        TokenSpec spec, IssueToken command, OwnerAsking owner, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rules = owner.Under(settings.Rules);
        var decision = TokenMachine.Decide(
            null, new TokenCommand.Issue(spec, peppers.Digests(command.Secrets)), rules, now);
        var step = owner.Told(
            TokenSteps.Of(decision, new TokenMemory(rules.Policy, settings.DividesRows), command.Context, now));
        if (step.Commit is not { } commit)
        {
            return step.Answer(CommitOutcome.Done);
        }

        // What falls due soon has to be registered with the runtime, which only the token's grain can do.
        if (commit.Record.DueAt - now < settings.ReminderReadPeriod)
        {
            return await Token(spec.Id).Issue(command, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var outcome = await store.Commit(commit);
        lease.Demand();
        return outcome == CommitOutcome.Conflict
            ? await Token(spec.Id).Issue(command, cancellationToken)
            : step.Answer(outcome);
    }

    private IRefreshTokenGrain Token(TokenId id) => GrainFactory.GetGrain<IRefreshTokenGrain>(id.ToString());
}
