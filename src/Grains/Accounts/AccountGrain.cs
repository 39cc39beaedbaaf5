using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Grains.StoredTokens;
using TokenActors.Grains.Tokens;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Accounts;

/// <summary>One account. Its integrations, credentials and tokens are deleted with it.</summary>
[GrainType(Kinds.Account)]
public sealed class AccountGrain(
    IRecordStore store, SiloLease lease, PepperRing peppers, TokenSettings settings, RestrictionGate gate,
    TimeProvider time)
    : ResourceGrain(store, lease, time, ResourceKinds.Account), IAccountGrain
{
    private const string MakesBoth = "tokens:create_synqly_integrations";

    public async Task<AccountTokenAnswer> CreateWithToken(
        CreateAccountWithToken command, CancellationToken cancellationToken)
    {
        PolicyContent? policy = null;
        TokenPlace place = new(GrainFactory, Store);
        var (spec, refusal) = await TokenAdmission.Admit(
            command.TokenId, command.Token, Store, place, settings, gate, Ask, cancellationToken);
        if (spec is null)
        {
            return Refused(TokenSteps.Refused(refusal));
        }

        return await place.Around(CreateBoth(command, spec, policy, cancellationToken));

        async ValueTask<OwnerStatus> Ask(
            OrganizationId organization, OwnerStatusQuery query, CancellationToken cancellation)
        {
            var owner = await Organization(organization).Ask(query, cancellation);
            policy = owner.Policy;
            return owner;
        }
    }

    protected override ValueTask<ResourceTarget?> TargetOf(ResourceState state, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ResourceTarget?>(ResourceTargets.Of(state));

    /// <summary>An account does not move to where a point of one of its integrations does not offer the
    /// provider.</summary>
    protected override async ValueTask<ResourceAnswer?> RefuseLast(
        ResourceState next, ResourceState? current, CallContext context) =>
        current?.Content.Account is { } before && next.Content.Account is { } after
        && before.Environment != after.Environment
        && await AccountPoints.ProblemWith(Id, before, after, Store) is { } problem
            ? Refused(ResourceRefusal.InvalidReference) with { Details = [problem] }
            : null;

    private async Task<AccountTokenAnswer> CreateBoth(
        CreateAccountWithToken command, TokenSpec spec, PolicyContent? policy, CancellationToken cancellationToken)
    {
        // The account is made beside the caller's permission for accounts, which is right for who is not narrowed.
        var organization = command.Account.OrganizationId.ToString();
        if (command.Token.Context.Caller is { } caller && !caller.Grant.IsWholeIn(organization, MakesBoth))
        {
            return Refused(TokenSteps.Refused(TokenRefusal.BeyondGrant));
        }

        var step = FirstTokens.Decide(spec, command.Token, peppers, settings, Now, policy);
        if (step.Commit is null)
        {
            return Refused(step.Answer(CommitOutcome.Done));
        }

        if (Current is null && await IsUsed(command, cancellationToken))
        {
            return Refused(TokenSteps.Refused(TokenRefusal.IdTaken));
        }

        var context = command.Account.Context;
        var answer = await Create(
            command.Account,
            next => TokenOf(next).Commit is { } token ? [token] : [],
            cancellationToken);
        if (answer.Refusal is not null || CurrentCommand != context.CommandId.ToString("N") || Current is not { } made)
        {
            return new AccountTokenAnswer { Refusal = answer.Refusal ?? ResourceRefusal.IdTaken };
        }

        return new AccountTokenAnswer { Token = TokenOf(made).Answer(CommitOutcome.Done) };

        // The same account gives the same token, so that an answer that was lost can be made again.
        Step<TokenState, TokenAnswer> TokenOf(ResourceState account) =>
            FirstTokens.Of(spec, command.Token, peppers, settings, account.CreatedAt, policy);
    }

    private AccountTokenAnswer Refused(TokenAnswer token)
    {
        LeaveIfAbsent();
        return new AccountTokenAnswer { Token = token };
    }

    /// <summary>
    /// The token was made with an account that is deleted: its id follows from the caller's key, and no id is used
    /// twice. Where the account is there, the name says so, and its token answers the key.
    /// </summary>
    private async Task<bool> IsUsed(CreateAccountWithToken command, CancellationToken cancellationToken)
    {
        var scope = new RecordScope(Kinds.Account, command.Account.OrganizationId.ToString());
        var token = new RecordKey(Kinds.Token, command.TokenId.ToString());
        return await Store.Read(token).UntilCanceled(cancellationToken) is not null
            && await Store.FindByName(scope, command.Account.Name ?? Key.Id).UntilCanceled(cancellationToken) is null;
    }
}
