using TokenActors.Domain.Members;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Members;

/// <summary>Keeps the last member that can administer an organization from ceasing to be one.</summary>
internal static class AdministratorRelease
{
    /// <summary>
    /// Makes a change. Where the member ceases to be an administrator by it, the authority is asked to release it
    /// first, and counts on the change from then on: it is not called off any more, and the release is given back
    /// where the change is refused.
    /// </summary>
    /// <param name="authority">the member's organization</param>
    /// <param name="before">the member as it is</param>
    /// <param name="after">the member as it is to be; null where it is to be deleted</param>
    /// <param name="isPreview">the change is not made, so that nobody is released</param>
    /// <param name="change">the change</param>
    /// <param name="cancellationToken">calls the change off until the authority is asked</param>
    public static async Task<MemberAnswer> Around(
        IOrganizationGrain authority,
        MemberState before,
        MemberState? after,
        bool isPreview,
        Func<CancellationToken, Task<MemberAnswer>> change,
        CancellationToken cancellationToken)
    {
        if (!MemberRights.Administers(before) || MemberRights.Administers(after))
        {
            return await change(cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (isPreview)
        {
            return await authority.MayReleaseAdministrator(before.Id)
                ? await change(cancellationToken)
                : new MemberAnswer { Refusal = ResourceRefusal.LastAdministrator };
        }

        if (!await authority.TryReleaseAdministrator(before.Id))
        {
            return new MemberAnswer { Refusal = ResourceRefusal.LastAdministrator };
        }

        var answer = await change(CancellationToken.None);
        if (answer.Refusal is not null)
        {
            await authority.RestoreAdministrator(before.Id);
        }

        return answer;
    }
}
