using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Organizations;
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
    public async Task<AccountTokenAnswer> CreateWithToken(CreateAccountWithToken command)
    {
        var (spec, refusal) = await TokenAdmission.Admit(command.TokenId, command.Token, Store, settings, Ask);
        if (spec is null)
        {
            LeaveIfAbsent();
            return new AccountTokenAnswer { Token = TokenSteps.Refused(refusal) };
        }

        var context = command.Account.Context;
        var answer = await Create(command.Account, next =>
            FirstTokens.Of(spec, command.Token, peppers, settings, next.CreatedAt).Commit is { } token ? [token] : []);
        if (answer.Refusal is not null || CurrentCommand != context.CommandId.ToString("N") || Current is not { } made)
        {
            return new AccountTokenAnswer { Refusal = answer.Refusal ?? Abstractions.ResourceModel.ResourceRefusal.IdTaken };
        }

        return new AccountTokenAnswer
        {
            Token = FirstTokens.Of(spec, command.Token, peppers, settings, made.CreatedAt).Answer(CommitOutcome.Done),
        };
    }

    protected override ValueTask<ResourceTarget?> TargetOf(ResourceState state) => ValueTask.FromResult<ResourceTarget?>(ResourceTargets.Of(state));

    private ValueTask<OwnerStatus> Ask(OrganizationId organization, OwnerStatusQuery query) => new(Organization(organization).Ask(query));
}
