using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;

namespace TokenActors.Grains.Tests.StoredTokens;

/// <summary>The token of the hot part in Samples, without what that part holds.</summary>
internal static class SampleToken
{
    public static TokenState Of(long version, DateTimeOffset createdAt, DateTimeOffset expiresAt) => new()
    {
        Id = TokenId.Parse("01900000-0000-7000-8000-000000000001"),
        OrganizationId = OrganizationId.Parse("01900000-0000-7000-8000-00000000000a"),
        MemberId = MemberId.Parse("01900000-0000-7000-8000-00000000000b"),
        OwnerType = TokenOwnerType.Organization,
        OwnerId = "01900000-0000-7000-8000-00000000000a",
        Profile = TokenProfile.Organization,
        Name = "n",
        FullName = "N",
        ParentId = TokenId.Parse("01900000-0000-7000-8000-000000000001"),
        Binding = new GrantBinding.Adhoc(PermissionSets.Viewer, Resources.All),
        Ttl = GoDuration.Of("24h"),
        CreatedAt = createdAt,
        UpdatedAt = createdAt,
        ExpiresAt = expiresAt,
        Version = version,
    };
}
