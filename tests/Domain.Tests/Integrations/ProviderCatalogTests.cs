using TokenActors.Domain.Integrations;

namespace TokenActors.Domain.Tests.Integrations;

public sealed class ProviderCatalogTests
{
    private static Provider Found(string type) => ProviderCatalog.Find(type) ?? throw new KeyNotFoundException(type);

    [Fact]
    public void Every_variant_has_a_category_and_fields_that_differ()
    {
        Assert.Equal(169, ProviderCatalog.All.Count());
        Assert.All(ProviderCatalog.All, provider =>
        {
            Assert.Same(provider, ProviderCatalog.Find(provider.Type));
            Assert.StartsWith($"{provider.Category}_", provider.Type);
            Assert.NotEmpty(provider.FullName);
            Assert.Equal(provider.Fields.Count, provider.Fields.Select(field => field.Name).Distinct().Count());
            Assert.All(provider.Fields, field => Assert.Matches("^[a-z_]+$", field.Name));
        });
    }

    [Fact]
    public void Categories_are_those_of_the_wire_in_alphabetical_order() => Assert.Equal(
        [
            "appsec", "assets", "chat", "cloudsecurity", "custom", "edr", "emailsecurity", "endpointmanagement",
            "identity", "incidentresponse", "networksecurity", "notifications", "siem", "sink", "storage", "ticketing",
            "vulnerabilities",
        ],
        ProviderCatalog.Categories);

    /// <summary>Required fields, then optional ones with a question mark, as the API's reference has them.</summary>
    [Theory]
    [InlineData("appsec_amazon_inspector", "credential:Credential region:Text")]
    [InlineData("assets_jupiterone", "account_id:Text credential:Credential url:Text?")]
    [InlineData("custom_synqly", "custom_id:Text endpoints:Object tags:Object")]
    [InlineData("edr_crowdstrike_mock", "dataset:Text")]
    [InlineData("networksecurity_google", "credential:Credential project_id:Text traffic_log_configuration_ids:Texts?")]
    [InlineData("notifications_slack", "channel:Text credential:Credential url:Text?")]
    [InlineData("sink_mock_sink", "destination:Text?")]
    [InlineData("sink_q_radar", "collection_port:Number url:Text skip_tls_verify:Flag?")]
    [InlineData("siem_panther", "api_config:Any http_ingest:Any?")]
    [InlineData(
        "ticketing_jira",
        "credential:Credential url:Text custom_field_mappings:List? default_issue_type:Text? default_project:Text?")]
    public void A_variant_demands_what_the_reference_says(string type, string fields) => Assert.Equal(
        fields,
        string.Join(
            ' ', Found(type).Fields.Select(field => $"{field.Name}:{field.Kind}{(field.Required ? "" : "?")}")));

    [Theory]
    [InlineData("siem_splunk", "Splunk", false)]
    [InlineData("storage_aws_s3", "Aws S3", false)]
    [InlineData("edr_crowdstrike_mock", "Crowdstrike Mock", true)]
    [InlineData("ticketing_mock_ticketing", "Mock Ticketing", true)]
    public void A_variant_is_named_for_people_and_says_whether_it_is_real(string type, string fullName, bool mock)
    {
        var provider = Found(type);
        Assert.Equal((fullName, mock), (provider.FullName, provider.IsMock));
    }

    [Theory]
    [InlineData("siem_splunk", true)]
    [InlineData("SIEM_SPLUNK", false)]
    [InlineData("siem", false)]
    [InlineData("splunk", false)]
    [InlineData("siem_splunk ", false)]
    [InlineData("", false)]
    public void Only_variants_of_the_wire_exist(string type, bool exists)
    {
        Assert.Equal(exists, ProviderCatalog.Exists(type));
        Assert.Equal(exists, ProviderCatalog.Find(type) is not null);
    }
}
