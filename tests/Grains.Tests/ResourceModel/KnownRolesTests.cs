using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.LocalReads;

namespace TokenActors.Grains.Tests.ResourceModel;

/// <summary>Which role a name is.</summary>
public sealed class KnownRolesTests
{
    private static readonly OrganizationState Organization = new()
    {
        Id = new OrganizationId(Guid.NewGuid()), Type = OrganizationType.Standard, Name = "acme", FullName = "Acme",
        RefreshTokenId = new TokenId(Guid.NewGuid()), CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch, Version = 1,
    };

    private static readonly Grant Viewer = BuiltinRoles.GrantOf(BuiltinRoles.Viewer, Organization.Id, isRoot: false)!;

    private readonly KnownRoles _roles = new();

    [Theory]
    [InlineData("viewer")]
    [InlineData("Viewer")]
    [InlineData("ADMINISTRATOR")]
    public void A_built_in_role_is_found_in_any_letter_case(string name)
    {
        Assert.Equal(BuiltinRoles.Named(name), Assert.Single(_roles.Bind([name])));
        Assert.Empty(_roles.Unknown(Organization, [name]));
    }

    /// <summary>One from before built-in names were found in any letter case: whoever is bound to it gets no
    /// more.</summary>
    [Fact]
    public void A_role_of_the_organizations_own_goes_before_a_built_in_one_in_other_letters()
    {
        var id = Guid.NewGuid();
        _roles.Note(id, "Administrator", new RoleContent { PermissionSet = PermissionSets.Viewer }, 1);
        var bound = Assert.Single(_roles.Bind(["Administrator"]));
        Assert.Equal(id, RoleReference.IdOf(bound));
        foreach (var role in new[] { "Administrator", bound })
        {
            Assert.True(_roles.Resolve(Organization, [role]).IsWithin(Viewer));
        }

        // In its own letters it is the built-in one.
        Assert.Equal(BuiltinRoles.Administrator, Assert.Single(_roles.Bind([BuiltinRoles.Administrator])));
        Assert.False(_roles.Resolve(Organization, [BuiltinRoles.Administrator]).IsWithin(Viewer));
    }
}
