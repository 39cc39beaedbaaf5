using TokenActors.Domain.Events;

namespace TokenActors.Domain.Tests.Events;

/// <summary>The filters of the Management API's webhooks: six operations, and all of them at once.</summary>
public sealed class WebhookFiltersTests
{
    [Fact]
    public void Filters_are_those_of_the_wire() => Assert.Equal(
        [
            "all", "account_create", "account_delete", "account_update", "integration_create", "integration_delete",
            "integration_update", "operation_complete",
        ],
        WebhookFilters.Names);

    [Theory]
    [InlineData("account_create", "account.created")]
    [InlineData("account_update", "account.updated")]
    [InlineData("account_delete", "account.deleted")]
    [InlineData("integration_create", "integration.created")]
    [InlineData("integration_update", "integration.updated")]
    [InlineData("integration_delete", "integration.deleted")]
    [InlineData("operation_complete", "operation.complete")]
    public void A_filter_lets_one_type_through_and_the_type_names_its_filter(string filter, string type)
    {
        Assert.Equal([type], WebhookFilters.TypesOf([filter]));
        Assert.Equal(filter, WebhookFilters.Of(type));
        Assert.Equal([type], WebhookFilters.TypesOf([filter, filter]));
        Assert.Contains(type, EventTypes.All);
    }

    /// <summary>Whatever else is asked for beside it.</summary>
    [Fact]
    public void All_is_every_type_once()
    {
        string[] every =
        [
            "account.created", "account.deleted", "account.updated", "integration.created", "integration.deleted",
            "integration.updated", "operation.complete",
        ];
        Assert.Equal(every, WebhookFilters.TypesOf(["all"]).Order(StringComparer.Ordinal));
        Assert.Equal(every, WebhookFilters.TypesOf(["account_create", "all"]).Order(StringComparer.Ordinal));
        Assert.Empty(WebhookFilters.TypesOf([]));
    }

    /// <summary>What the other API does not know has no filter there, tokens among it.</summary>
    [Fact]
    public void Other_types_have_no_filter() => Assert.All(
        EventTypes.All.Where(type => type.Split('.')[0] is not ("account" or "integration" or "operation")),
        type => Assert.Null(WebhookFilters.Of(type)));
}
