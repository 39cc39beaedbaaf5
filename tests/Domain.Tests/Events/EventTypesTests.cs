using TokenActors.Domain.Events;

namespace TokenActors.Domain.Tests.Events;

/// <summary>The types that endpoints are sent, by the entries of the audit trail that they stand for.</summary>
public sealed class EventTypesTests
{
    /// <summary>As the guide to webhooks lists them.</summary>
    private static readonly string[] Documented =
    [
        "account.created", "account.deleted", "account.updated", "integration.created", "integration.deleted",
        "integration.updated", "member.created", "member.deleted", "member.updated", "operation.complete",
        "organization.created", "organization.deleted", "organization.disabled", "organization.enabled",
        "organization.updated", "role.created", "role.deleted", "role.updated", "token.deleted", "token.disabled",
        "token.enabled", "token.expired", "token.expiring", "token.issued", "token.leaked", "token.limit_reached",
        "token.refreshed", "token.reset", "token.reuse_detected", "token.rotated", "webhook.disabled",
    ];

    [Fact]
    public void Types_are_those_of_the_guide_in_order() => Assert.Equal(Documented, EventTypes.All);

    [Theory]
    [InlineData("token.imported", "token.issued")]
    [InlineData("token.issued_to_organization", "token.issued")]
    [InlineData("token.replaced", "token.rotated")]
    [InlineData("member.password_changed", "member.updated")]
    [InlineData("member.password_reset", "member.updated")]
    [InlineData("member.roles_bound", "member.updated")]
    [InlineData("organization.founded", "organization.created")]
    [InlineData("event_endpoint.disabled", "webhook.disabled")]
    public void What_is_noted_under_another_name_is_sent_under_the_one_that_is_documented(string entry, string type) =>
        Assert.Equal(type, EventTypes.Of(entry));

    /// <summary>Nothing of the service's own housekeeping leaves it, and nothing is known by another case.</summary>
    [Theory]
    [InlineData("token.digest_renewed")]
    [InlineData("token.secondary_ended")]
    [InlineData("token.described")]
    [InlineData("member.logged_on")]
    [InlineData("organization.founding_finished")]
    [InlineData("Token.Rotated")]
    [InlineData("token.rotated ")]
    [InlineData("webhook.test")]
    [InlineData("")]
    public void Anything_else_is_sent_to_nobody(string entry) => Assert.Null(EventTypes.Of(entry));

    [Fact]
    public void Refreshes_alone_are_sent_only_where_they_are_asked_for() => Assert.Equal(
        [EventTypes.TokenRefreshed], EventTypes.All.Where(type => !EventTypes.IsSentUnasked(type)));

    [Fact]
    public void Every_entry_stands_for_one_of_the_types() =>
        Assert.All(EventTypes.ByEntry, pair => Assert.Contains(pair.Value, Documented));
}
