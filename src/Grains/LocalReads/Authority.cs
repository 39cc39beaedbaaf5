using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;

namespace TokenActors.Grains.LocalReads;

/// <summary>
/// What an organization's grain keeps in memory to answer verifications: which members are enabled, what roles allow,
/// which deleted tokens and resources may still have something below them. Built from the rows at activation and kept
/// by what their grains tell before they answer. Verifications ask from any thread, so every member of it takes its
/// lock.
/// </summary>
internal sealed class Authority(SiloLease lease, TimeProvider time)
{
    private static readonly OwnerStatus Nowhere = new()
    {
        Exists = false,
        Blocked = false,
        MemberStands = false,
        AboveStands = false,
        MemberGrant = Grant.Nothing,
        RolesGrant = Grant.Nothing,
    };

    private volatile OrganizationState? _organization;
    private readonly Lock _lock = new();
    private readonly Dictionary<MemberId, OwnerStatus> _statuses = [];
    private readonly Dictionary<MemberId, MemberEntry> _members = [];
    private readonly Dictionary<string, MemberId> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly KnownRoles _roles = new();
    private readonly KnownPolicies _policies = new();
    private readonly KnownDeletions _deletions = new(time);
    private readonly HashSet<MemberId> _leaving = [];

    private sealed record MemberEntry(string Name, bool Stands, ImmutableArray<string> Roles, long Version);

    /// <summary>Who is sent events.</summary>
    public KnownListeners Listeners { get; } = new();

    /// <summary>Notes a member as of a version; an older one than what is known changes nothing.</summary>
    public void Note(MemberId member, string name, MemberStatus status, ImmutableArray<string> roles, long version)
    {
        using var scope = _lock.EnterScope();
        if (_members.TryGetValue(member, out var known))
        {
            if (known.Version > version)
            {
                return;
            }

            _names.Remove(known.Name);
        }

        _leaving.Remove(member);
        _members[member] = new(name, status is MemberStatus.Enabled or MemberStatus.Forgotten, roles, version);
        _names[name] = member;
        _statuses.Remove(member);
    }

    /// <summary>
    /// Notes that a member is deleted. The entry stays, so that an older notice of it changes nothing.
    /// </summary>
    public void Forget(MemberId member, long version)
    {
        using var scope = _lock.EnterScope();
        if (_members.TryGetValue(member, out var known))
        {
            _names.Remove(known.Name);
        }

        _leaving.Remove(member);
        _members[member] = new("", false, [], version);
        _statuses.Remove(member);
    }

    /// <summary>Notes a role as of a version; a null content is a deleted role.</summary>
    public void Note(Guid role, string name, RoleContent? content, long version)
    {
        using var scope = _lock.EnterScope();
        if (_roles.Note(role, name, content, version))
        {
            // The answer for every member that is bound to it has to be made again.
            _statuses.Clear();
        }
    }

    /// <summary>Notes the organization's policy as of a version; null where it has none.</summary>
    public void NotePolicy(PolicyContent? policy, long version)
    {
        using var scope = _lock.EnterScope();
        if (_policies.NoteOwn(policy, version))
        {
            _statuses.Clear();
        }
    }

    /// <summary>The same of the organization above.</summary>
    public void NotePolicyAbove(PolicyContent? policy, long version)
    {
        using var scope = _lock.EnterScope();
        if (_policies.NoteAbove(policy, version))
        {
            _statuses.Clear();
        }
    }

    /// <summary>What the organization demands of its tokens.</summary>
    public PolicyContent? Policy
    {
        get
        {
            using var scope = _lock.EnterScope();
            return _policies.Current;
        }
    }

    /// <summary>Whether another member that stands can administer the organization; then this one may go.</summary>
    public bool TryReleaseAdministrator(MemberId member, bool isPreview)
    {
        using var scope = _lock.EnterScope();
        var mayGo = !Administers(member)
            || _members.Keys.Any(other => other != member && !_leaving.Contains(other) && Administers(other));
        if (mayGo && !isPreview)
        {
            _leaving.Add(member);
        }

        return mayGo;
    }

    public void RestoreAdministrator(MemberId member)
    {
        using var scope = _lock.EnterScope();
        _leaving.Remove(member);
    }

    public MemberId? Find(string name)
    {
        using var scope = _lock.EnterScope();
        return _names.TryGetValue(name, out var member) ? member : null;
    }

    /// <summary>A token or resource is deleted: nothing below it is accepted any more.</summary>
    public void MarkDeleting(Guid id)
    {
        using var scope = _lock.EnterScope();
        _deletions.Mark(id);
    }

    /// <summary>Nothing is left below it.</summary>
    public void ClearDeleting(Guid id)
    {
        using var scope = _lock.EnterScope();
        _deletions.Clear(id);
    }

    /// <summary>Makes a committed state the one that is asked; null where there is no row.</summary>
    public void Publish(OrganizationState? organization) => _organization = organization;

    /// <summary>Whether the organization, the member and every token and resource above a token are valid.</summary>
    /// <exception cref="Abstractions.Calls.ServiceUnavailableException">the silo's lease has run out</exception>
    public OwnerStatus Ask(OwnerStatusQuery query)
    {
        lease.Demand();
        return _organization is { DeletedAt: null } organization ? Ask(organization, query, time.GetUtcNow()) : Nowhere;
    }

    /// <summary>Who is sent events.</summary>
    /// <exception cref="Abstractions.Calls.ServiceUnavailableException">the silo's lease has run out</exception>
    public ImmutableArray<EventListener> AskListeners()
    {
        lease.Demand();
        return Listeners.Current;
    }

    private OwnerStatus Ask(OrganizationState organization, OwnerStatusQuery query, DateTimeOffset now)
    {
        using var scope = _lock.EnterScope();
        var status = StatusOf(organization, query.MemberId);
        if (!query.Roles.IsDefaultOrEmpty && !RolesAre(query.MemberId, query.Roles))
        {
            status = status with
            {
                RolesGrant = _roles.Resolve(organization, query.Roles),
                UnknownRoles = _roles.Unknown(organization, query.Roles),
                Bound = _roles.Bind(query.Roles),
            };
        }

        if (organization.IsBlockedAt(now))
        {
            status = status with { Blocked = true };
        }

        if (!Listeners.Current.IsEmpty)
        {
            status = status with { Listeners = Listeners.Current };
        }

        if (query.IsOfRow)
        {
            status = status with { IsSettled = _deletions.IsSettled };
        }

        return _deletions.Cover(query) ? status with { AboveStands = false } : status;
    }

    /// <summary>
    /// The usual answer. It is the same object every time, so that callers can cache what follows from it by
    /// reference.
    /// </summary>
    private OwnerStatus StatusOf(OrganizationState organization, MemberId member)
    {
        if (_statuses.TryGetValue(member, out var known))
        {
            return known;
        }

        var entry = _members.GetValueOrDefault(member);
        var grant = entry is null ? Grant.Nothing : _roles.Resolve(organization, entry.Roles);
        var status = new OwnerStatus
        {
            Exists = true,
            Blocked = false,
            MemberStands = entry is { Stands: true },
            AboveStands = true,
            MemberGrant = grant,
            RolesGrant = grant,
            UnknownRoles = entry is null ? [] : _roles.Unknown(organization, entry.Roles),
            Bound = entry is null ? [] : _roles.Bind(entry.Roles),
            Policy = _policies.Current,
            MemberName = entry is { Name.Length: > 0 } ? entry.Name : null,
        };
        if (entry is not null)
        {
            _statuses[member] = status;
        }

        return status;
    }

    private bool RolesAre(MemberId member, ImmutableArray<string> roles) =>
        _members.TryGetValue(member, out var entry)
            && (entry.Roles == roles || entry.Roles.SequenceEqual(roles, StringComparer.Ordinal));

    public ResolvedRoles ResolveAll(OrganizationState organization, ImmutableArray<string> roles)
    {
        using var scope = _lock.EnterScope();
        return new()
        {
            Grant = _roles.Resolve(organization, roles),
            Unknown = _roles.Unknown(organization, roles),
            Bound = _roles.Bind(roles),
            Names = _roles.NamesOf(organization, roles),
        };
    }

    private bool Administers(MemberId member) =>
        _members.TryGetValue(member, out var entry) && entry.Stands
        && entry.Roles.Any(role => role is BuiltinRoles.Administrator or BuiltinRoles.RootAdministrator);
}
