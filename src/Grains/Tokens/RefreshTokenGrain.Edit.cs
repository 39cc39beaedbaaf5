using TokenActors.Domain.Grants;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Tokens;

/// <summary>Several changes as one command.</summary>
public sealed partial class RefreshTokenGrain
{
    private async Task<TokenAnswer> EditWithin(EditToken command)
    {
        GoDuration? life = null;
        if (command.Life is { } text && !GoDuration.TryParseLife(text, out life, out _))
        {
            return Refused(TokenRefusal.LifeOutOfBounds);
        }

        var binding = BindingOf(command);
        if (binding is not null && command.Context.Caller is { } caller && !(await GrantOf(binding)).IsWithin(caller.Grant))
        {
            return Refused(TokenRefusal.BeyondGrant);
        }

        var pair = Digests(command.Secrets);
        var changes = new TokenChanges
        {
            FullName = command.FullName,
            Claims = command.Claims,
            Binding = binding,
            Life = life,
            Enabled = command.Enabled,
            SecretVersion = command.SecretVersion,
            Deadline = command.Deadline,
            ExpectedVersion = command.ExpectedVersion,
        };
        var answer = await Execute(command.Context, _ => new TokenCommand.Edit(changes, pair));
        return answer with
        {
            Replaced = answer.Secrets == AnswerSecrets.SealedForCaller
                ? answer.Sealed is { Length: > 0 }
                : answer.Refusal is null && Current?.Primary?.Access.Digest == pair.Access.Digest,
        };
    }

    private static GrantBinding? BindingOf(EditToken command) =>
        command.Roles is { } roles ? new GrantBinding.Roles(roles)
        : command.Actions is { } actions ? new GrantBinding.Listed(ActionSet.Of(actions), command.Resources ?? Resources.All)
        : null;

    /// <summary>What a binding would allow this token now.</summary>
    private async Task<Grant> GrantOf(GrantBinding binding) =>
        binding is GrantBinding.Own own
            ? own.Grant
            : (await Ask(Current!.OrganizationId, new StandingQuery
            {
                MemberId = Current.MemberId,
                Roles = ((GrantBinding.Roles)binding).Names,
                Ancestors = Current.Ancestors,
                Within = Current.Within,
            })).RolesGrant;
}
