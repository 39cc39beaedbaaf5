using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Organizations;

namespace TokenActors.Grains.Organizations;

/// <summary>
/// What an organization's grain knows in memory to answer every verification: which members stand, what roles allow, which deleted
/// tokens may still have descendants. Built from the rows at activation and kept by what their grains tell before they answer.
/// </summary>
internal sealed class Authority
{
    private readonly Dictionary<MemberId, Standing> _standings = [];
    private readonly Dictionary<MemberId, MemberEntry> _members = [];
    private readonly Dictionary<string, MemberId> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<TokenId> _dying = [];

    private sealed record MemberEntry(string Name, bool Stands, ImmutableArray<string> Roles, long Version);

    /// <summary>Notes a member as of a version; an older one than what is known changes nothing.</summary>
    public void Note(MemberId member, string name, MemberStatus status, ImmutableArray<string> roles, long version)
    {
        if (_members.TryGetValue(member, out var known))
        {
            if (known.Version > version)
            {
                return;
            }

            _names.Remove(known.Name);
        }

        _members[member] = new(name, status is MemberStatus.Enabled or MemberStatus.Forgotten, roles, version);
        _names[name] = member;
        _standings.Remove(member);
    }

    public MemberId? Find(string name) => _names.TryGetValue(name, out var member) ? member : null;

    public void Dying(TokenId token) => _dying.Add(token);

    public void Gone(TokenId token) => _dying.Remove(token);

    public Standing Ask(OrganizationState organization, StandingQuery query, DateTimeOffset now)
    {
        var standing = StandingOf(organization, query.MemberId);
        if (!query.Roles.IsDefaultOrEmpty && !RolesAre(query.MemberId, query.Roles))
        {
            standing = standing with { RolesGrant = Resolve(organization, query.Roles) };
        }

        if (organization.IsBlockedAt(now))
        {
            standing = standing with { Blocked = true };
        }

        return _dying.Count > 0 && query.Ancestors.Any(_dying.Contains) ? standing with { AboveStands = false } : standing;
    }

    /// <summary>The usual answer, the same object every time, so that askers can remember what they made of it.</summary>
    private Standing StandingOf(OrganizationState organization, MemberId member)
    {
        if (_standings.TryGetValue(member, out var known))
        {
            return known;
        }

        var entry = _members.GetValueOrDefault(member);
        var grant = entry is null ? Grant.Nothing : Resolve(organization, entry.Roles);
        var standing = new Standing
        {
            Exists = true,
            Blocked = false,
            MemberStands = entry is { Stands: true },
            AboveStands = true,
            MemberGrant = grant,
            RolesGrant = grant,
        };
        if (entry is not null)
        {
            _standings[member] = standing;
        }

        return standing;
    }

    private bool RolesAre(MemberId member, ImmutableArray<string> roles) =>
        _members.TryGetValue(member, out var entry) && (entry.Roles == roles || entry.Roles.SequenceEqual(roles, StringComparer.Ordinal));

    private static Grant Resolve(OrganizationState organization, ImmutableArray<string> roles) => new(
    [
        .. roles.Select(role => BuiltinRoles.GrantOf(role, organization.Id, organization.Type == OrganizationType.Root))
            .OfType<Grant>().SelectMany(grant => grant.Clauses),
    ]);
}
