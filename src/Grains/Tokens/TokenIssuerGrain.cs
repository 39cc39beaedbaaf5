using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Organizations;
using TokenActors.Grains.Records;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Tokens;

/// <summary>
/// Writes the first row of tokens. A token's grain would read before it writes, and be kept in memory whether the token is used or not; of
/// an id that nobody knows yet there is nothing to read. What this cannot do alone is left to the token's grain.
/// </summary>
[StatelessWorker]
[GrainType("token-issuer")]
public sealed class TokenIssuerGrain(
    IRecordStore store, SiloLease lease, PepperRing peppers, TokenSettings settings, Authorities authorities, TimeProvider time)
    : Grain, ITokenIssuerGrain
{
    public async Task<TokenAnswer> Issue(TokenId id, IssueToken command)
    {
        // An answer that can be given again is kept by the token's grain, which may have given it before.
        if (command.Context.Idempotency is not null)
        {
            return await Token(id).Issue(command);
        }

        try
        {
            var (spec, refusal) = await TokenIssuing.Admit(id, command, store, settings, Ask);
            return spec is null ? new TokenAnswer { Refusal = refusal } : await Issue(spec, command);
        }
        catch (StorageUnavailableException e)
        {
            throw new ServiceUnavailableException(e.Message);
        }
    }

    private async Task<TokenAnswer> Issue(TokenSpec spec, IssueToken command)
    {
        var now = time.GetUtcNow();
        var decision = TokenMachine.Decide(null, new TokenCommand.Issue(spec, TokenIssuing.Digests(command.Secrets, peppers)), settings.Rules, now);
        if (decision is not Decision.Changed { Next: var state, Event: var happened })
        {
            return new TokenAnswer { Refusal = ((Decision.Refused)decision).Refusal };
        }

        // Its grain registers its reminder.
        var dueAt = TokenMachine.DueToStore(state, null, now);
        if (dueAt - now < settings.ReminderReadPeriod)
        {
            return await Token(spec.Id).Issue(command);
        }

        var commit = TokenCommits.Of(state, null, happened, command.Context, command.Context.CommandId.ToString("N"), dueAt, null, now);
        var outcome = await store.Commit(commit);
        lease.Demand();
        switch (outcome)
        {
            case CommitOutcome.Done:
                GrainTelemetry.Happened(GrainTelemetry.Words.Of(happened));
                return new TokenAnswer { Token = TokenViews.Of(state, null, now) };
            case CommitOutcome.NameTaken:
                return new TokenAnswer { Refusal = TokenRefusal.NameTaken };
            case CommitOutcome.ParentGone:
                return new TokenAnswer { Refusal = TokenRefusal.OwnerGone };
            default:
                return await Token(spec.Id).Issue(command);
        }
    }

    private ValueTask<Standing> Ask(OrganizationId organization, StandingQuery query) => authorities.Ask(organization, query) is { } standing
        ? new(standing)
        : new(GrainFactory.GetGrain<IOrganizationGrain>(organization.ToString()).Ask(query));

    private IRefreshTokenGrain Token(TokenId id) => GrainFactory.GetGrain<IRefreshTokenGrain>(id.ToString());
}
