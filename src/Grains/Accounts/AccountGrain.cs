using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Grains.Tokens;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Accounts;

/// <summary>One account. Integrations, credentials and tokens hang on it and go with it.</summary>
[GrainType(Kinds.Account)]
public sealed class AccountGrain(IRecordStore store, SiloLease lease, PepperRing peppers, TokenSettings settings, TimeProvider time)
    : ResourceGrain(store, lease, time, ResourceKinds.Account), IAccountGrain
{
    public async Task<AccountTokenAnswer> CreateWithToken(CreateAccountWithToken command, CancellationToken cancellationToken)
    {
        var (spec, refusal) = await TokenAdmission.Admit(command.TokenId, command.Token, Store, settings, Ask, cancellationToken);
        if (spec is null)
        {
            return Refused(TokenSteps.Refused(refusal));
        }

        var step = FirstTokens.Decide(spec, command.Token, peppers, settings, Now);
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
            next => FirstTokens.Of(spec, command.Token, peppers, settings, next.CreatedAt).Commit is { } token ? [token] : [],
            cancellationToken);
        if (answer.Refusal is not null || CurrentCommand != context.CommandId.ToString("N") || Current is not { } made)
        {
            return new AccountTokenAnswer { Refusal = answer.Refusal ?? ResourceRefusal.IdTaken };
        }

        return new AccountTokenAnswer
        {
            Token = FirstTokens.Of(spec, command.Token, peppers, settings, made.CreatedAt).Answer(CommitOutcome.Done),
        };
    }

    protected override ValueTask<ResourceTarget?> TargetOf(ResourceState state, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ResourceTarget?>(ResourceTargets.Of(state));

    private AccountTokenAnswer Refused(TokenAnswer token)
    {
        LeaveIfAbsent();
        return new AccountTokenAnswer { Token = token };
    }

    /// <summary>
    /// The token was made with an account that is deleted: its id follows from the caller's key, and no id is used twice. Where the account is
    /// there, the name says so, and its token answers the key.
    /// </summary>
    private async Task<bool> IsUsed(CreateAccountWithToken command, CancellationToken cancellationToken)
    {
        var scope = new RecordScope(Kinds.Account, command.Account.OrganizationId.ToString());
        return await Store.Read(new(Kinds.Token, command.TokenId.ToString())).UntilCanceled(cancellationToken) is not null
            && await Store.FindByName(scope, command.Account.Name ?? Key.Id).UntilCanceled(cancellationToken) is null;
    }

    private ValueTask<OwnerStatus> Ask(OrganizationId organization, OwnerStatusQuery query, CancellationToken cancellationToken) =>
        new(Organization(organization).Ask(query, cancellationToken));
}
