using TokenActors.Domain.Grants;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Members;
using TokenActors.Grains.ResourceModel;
using TokenActors.Grains.StoredTokens;
using TokenActors.Grains.Tokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Catalog;

/// <summary>
/// The tokens and members of a list that a narrowed caller sees: its own, and those that may do no more than it.
/// </summary>
internal sealed class VisibleRows(IRecordStore store, IOrganizationGrain organization, Caller caller)
{
    private readonly Dictionary<string, Grant> _roles = [];

    public async Task<IEnumerable<StoredRecord>> Tokens(IReadOnlyList<StoredRecord> rows)
    {
        var integrations = rows.Select(TokenRow.Read)
            .Where(token => token.OwnerType == TokenOwnerType.Integration)
            .Select(token => Guid.Parse(token.OwnerId));
        var owners = await OwnerTargets.Read(store, [], integrations);
        List<StoredRecord> visible = [];
        foreach (var row in rows)
        {
            var token = TokenRow.Read(row);
            var roles = token.Binding is GrantBinding.Roles bound ? await Resolve(bound.Names) : Grant.Nothing;
            var target = token.OwnerType == TokenOwnerType.Integration
                ? owners.OfIntegration(Guid.Parse(token.OwnerId))
                : new ResourceTarget(token.OrganizationId.ToString());
            if (TokenReach.Shows(caller, "tokens:list", token, roles, target))
            {
                visible.Add(row);
            }
        }

        return visible;
    }

    public async Task<IEnumerable<StoredRecord>> Members(IReadOnlyList<StoredRecord> rows)
    {
        List<StoredRecord> visible = [];
        foreach (var row in rows)
        {
            var member = MemberRow.Read(row);
            if (MemberRights.Shows(caller, "members:list", member, await Resolve(member.RoleBinding)))
            {
                visible.Add(row);
            }
        }

        return visible;
    }

    /// <summary>What roles allow. Few sets of them are bound to many.</summary>
    private async Task<Grant> Resolve(IReadOnlyCollection<string> roles)
    {
        var key = string.Join('\n', roles);
        if (!_roles.TryGetValue(key, out var grant))
        {
            _roles[key] = grant = (await organization.ResolveRoles([.. roles])).Grant;
        }

        return grant;
    }
}
