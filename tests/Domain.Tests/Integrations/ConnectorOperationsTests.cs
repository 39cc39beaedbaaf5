using TokenActors.Domain.Integrations;

namespace TokenActors.Domain.Tests.Integrations;

/// <summary>What connectors can be asked to do, as the wire names it.</summary>
public sealed class ConnectorOperationsTests
{
    [Fact]
    public void Operations_are_words_of_a_category_and_a_verb()
    {
        Assert.Equal(132, ConnectorOperations.Ids.Count);
        Assert.All(ConnectorOperations.Ids, id =>
        {
            Assert.Matches("^[a-z]+(_[a-z0-9]+)+$", id);
            Assert.Contains(id[..id.IndexOf('_')], ProviderCatalog.Categories);
        });
    }

    [Theory]
    [InlineData("custom", "custom_delete custom_get custom_patch custom_post custom_post_batch custom_query")]
    [InlineData("emailsecurity", "emailsecurity_get_threat_details emailsecurity_query_email_events emailsecurity_query_threats")]
    [InlineData("cust", "")]
    [InlineData("Custom", "")]
    [InlineData("", "")]
    [InlineData("nothing", "")]
    public void Those_of_a_category_are_in_alphabetical_order(string category, string operations) =>
        Assert.Equal(operations, string.Join(' ', ConnectorOperations.Of(category)));

    [Fact]
    public void Every_operation_is_in_one_category() => Assert.Equal(
        ConnectorOperations.Ids.Order(StringComparer.Ordinal),
        ProviderCatalog.Categories.SelectMany(ConnectorOperations.Of).Order(StringComparer.Ordinal));

    /// <summary>What an integration runs by itself, a connector can be asked for.</summary>
    [Theory]
    [InlineData("siem_query_events")]
    [InlineData("edr_query_alerts")]
    [InlineData("vulnerabilities_query_findings")]
    public void What_is_scheduled_can_be_asked_for(string operation)
    {
        Assert.Contains(operation, (IEnumerable<string>)ScheduledOperation.Ids);
        Assert.Contains(operation, (IEnumerable<string>)ConnectorOperations.Ids);
    }
}
