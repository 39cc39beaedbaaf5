using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Organizations;

namespace TokenActors.Grains.Tests.Organizations;

/// <summary>Who may make and delete organizations.</summary>
public sealed class OrganizationRightsTests
{
    private static readonly OrganizationId Root = new(Guid.NewGuid());
    private static readonly OrganizationId Child = new(Guid.NewGuid());

    [Fact]
    public void The_operators_own_code_may_do_both()
    {
        Assert.True(OrganizationRights.MayCreate(null, Child));
        Assert.True(OrganizationRights.MayDelete(null, Child, Organization(parent: null)));
    }

    [Fact]
    public void Only_a_grant_that_reaches_the_new_organization_makes_it()
    {
        Assert.True(OrganizationRights.MayCreate(CallerOf(Root, PermissionSets.Administrator, Resources.All), Child));
        Assert.False(OrganizationRights.MayCreate(CallerOf(Root, PermissionSets.Administrator, Only(Root)), Child));
        Assert.False(OrganizationRights.MayCreate(CallerOf(Root, PermissionSets.Viewer, Resources.All), Child));
    }

    [Fact]
    public void Only_the_organization_that_made_it_deletes_it()
    {
        var caller = CallerOf(Root, PermissionSets.Administrator, Resources.All);
        Assert.True(OrganizationRights.MayDelete(caller, Child, Organization(parent: Root)));
        Assert.False(OrganizationRights.MayDelete(caller, Child, Organization(parent: new(Guid.NewGuid()))));
        Assert.False(OrganizationRights.MayDelete(caller, Child, Organization(parent: null)));
        Assert.False(OrganizationRights.MayDelete(caller, Child, null));
        Assert.False(OrganizationRights.MayDelete(
            CallerOf(Root, PermissionSets.Administrator, Only(Root)), Child, Organization(parent: Root)));
    }

    private static Resources Only(OrganizationId id) => new() { OrganizationIds = Selection.Of(id.ToString()) };

    private static Caller CallerOf(OrganizationId organization, string permissionSet, Resources resources) => new()
    {
        TokenId = new(Guid.NewGuid()),
        OrganizationId = organization,
        MemberId = new(Guid.NewGuid()),
        Grant = Grant.Of(permissionSet, resources),
    };

    private static OrganizationState? Organization(OrganizationId? parent) => OrganizationMachine.Create(
        null,
        new OrganizationSpec
        {
            Id = Child,
            Type = OrganizationType.Standard,
            Name = "child",
            FullName = "Child",
            RefreshTokenId = new(Guid.NewGuid()),
            ParentId = parent,
        },
        DateTimeOffset.UnixEpoch).State;
}
