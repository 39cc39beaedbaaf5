using System.Globalization;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;

namespace TokenActors.Domain.Tests.Organizations;

public sealed class OrganizationStateTests
{
    /// <summary>The end date is the last day of use, whole, in UTC: clocks elsewhere do not move it.</summary>
    [Theory]
    [InlineData(OrganizationStatus.Enabled, null, "2026-01-01T00:00:00Z", false)]
    [InlineData(OrganizationStatus.Enabled, "2025-12-31", "2026-01-01T00:00:00Z", false)]
    [InlineData(OrganizationStatus.Disabled, null, "2026-01-01T00:00:00Z", true)]
    [InlineData(OrganizationStatus.Disabled, "2030-12-31", "2026-01-01T00:00:00Z", true)]
    [InlineData(OrganizationStatus.Pov, null, "2026-01-01T00:00:00Z", false)]
    [InlineData(OrganizationStatus.Pov, "2020-12-31", "2026-01-01T00:00:00Z", false)]
    [InlineData(OrganizationStatus.Plg, null, "2026-01-01T00:00:00Z", false)]
    [InlineData(OrganizationStatus.Plg, "2026-01-15", "2026-01-14T00:00:00Z", false)]
    [InlineData(OrganizationStatus.Plg, "2026-01-15", "2026-01-15T00:00:00Z", false)]
    [InlineData(OrganizationStatus.Plg, "2026-01-15", "2026-01-15T23:59:59.9999999Z", false)]
    [InlineData(OrganizationStatus.Plg, "2026-01-15", "2026-01-16T00:00:00Z", true)]
    [InlineData(OrganizationStatus.Plg, "2026-01-15", "2026-01-16T13:59:59+14:00", false)]
    [InlineData(OrganizationStatus.Plg, "2026-01-15", "2026-01-16T14:00:00+14:00", true)]
    [InlineData(OrganizationStatus.Plg, "2026-01-15", "2026-01-15T12:00:00-12:00", true)]
    [InlineData(OrganizationStatus.Plg, "2024-02-29", "2024-03-01T00:00:00Z", true)]
    [InlineData(OrganizationStatus.Plg, "9999-12-31", "9999-12-31T23:59:59Z", false)]
    public void An_organization_is_blocked_by_its_state_and_end(
        OrganizationStatus status, string? end, string now, bool blocked)
    {
        var organization = new OrganizationState
        {
            Id = OrganizationId.Parse("01900000-0000-7000-8000-00000000000a"),
            Type = OrganizationType.Standard,
            Name = "demo",
            FullName = "Demo",
            RefreshTokenId = TokenId.Parse("01900000-0000-7000-8000-000000000001"),
            Status = status,
            EndDate = end is null ? null : DateOnly.ParseExact(end, "yyyy-MM-dd", CultureInfo.InvariantCulture),
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        };
        Assert.Equal(blocked, organization.IsBlockedAt(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture)));
    }
}
