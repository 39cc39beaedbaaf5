using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.Webhooks;

namespace TokenActors.Grains.Tokens;

/// <summary>
/// How a token's grain asks its organization: in this silo where it is active here, by a call where it is not.
/// </summary>
internal sealed class OwnerAsking(LocalAuthorities authorities, Func<IGrainFactory> grains, TimeProvider time)
{
    private (OrganizationId Id, IOrganizationGrain Grain)? _organization;
    private OwnerStatus? _heard;
    private PolicyContent? _policy;
    private TokenRules? _underPolicy;

    public ValueTask<OwnerStatus> Ask(
        OrganizationId organization, OwnerStatusQuery query, CancellationToken cancellationToken) =>
        authorities.Ask(organization, query) is { } status
            ? new(status)
            : new(Organization(organization).Ask(query, cancellationToken));

    /// <summary>
    /// As <see cref="Ask"/>, before a command that is carried out at once: the answer of an organization elsewhere says
    /// too who listens, which need not be asked again.
    /// </summary>
    public async ValueTask<OwnerStatus> AskBefore(
        OrganizationId organization, OwnerStatusQuery query, CancellationToken cancellationToken)
    {
        _heard = null;
        if (authorities.Ask(organization, query) is { } status)
        {
            Hear(status);
            return status;
        }

        var asked = await Organization(organization).Ask(query, cancellationToken);
        Hear(asked);
        _heard = asked.RefusalFor() is null ? asked : null;
        return asked;
    }

    /// <summary>What an organization that was asked demands holds for the next command.</summary>
    public void Hear(OwnerStatus status)
    {
        if (!ReferenceEquals(status.Policy, _policy))
        {
            (_policy, _underPolicy) = (status.Policy, null);
        }
    }

    /// <summary>The operator's rules under the policy that was last heard.</summary>
    public TokenRules Under(TokenRules rules) => _policy is null
        ? rules
        : _underPolicy ??= rules with { Policy = _policy.ToPolicy() };

    /// <summary>The step with the payloads for who was said to listen, once.</summary>
    public Step<TokenState, TokenAnswer> Told(Step<TokenState, TokenAnswer> step)
    {
        // Forgotten also where nothing is committed: by the next command others may listen.
        if (Interlocked.Exchange(ref _heard, null) is not { } heard || step.Commit is not { } commit)
        {
            return step;
        }

        return step with { Commit = EventTelling.Told(commit, heard.Listeners, time) with { IsTold = true } };
    }

    /// <summary>Looked up once: it is asked at every verification.</summary>
    public IOrganizationGrain Organization(OrganizationId id)
    {
        if (_organization is not { } known || known.Id != id)
        {
            _organization = known = (id, grains().GetGrain<IOrganizationGrain>(id.ToString()));
        }

        return known.Grain;
    }
}
