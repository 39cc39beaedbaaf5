using TokenActors.Domain.Secrets;
using TokenActors.Grains.Integrations;

namespace TokenActors.Grains.Tests.ResourceModel;

/// <summary>The keys of an integration's webhooks, where a change gives some of them.</summary>
public sealed class WebhookKeysTests
{
    private const string Before = """{"provider_key":"p","items":[{"webhook_url":"a","integrator_key":"1"},{"webhook_url":"b","integrator_key":"2"},{"webhook_url":"a","integrator_key":"3"}]}""";

    [Theory]
    [InlineData(
        """{"items":[{"webhook_url":"b","integrator_key":"4"},{"webhook_url":"a","integrator_key":null}]}""",
        """{"items":[{"webhook_url":"b","integrator_key":"4"},{"webhook_url":"a","integrator_key":"1"}],"provider_key":"p"}""")]
    [InlineData(
        """{"provider_key":"q","items":[{"webhook_url":"a"},{"webhook_url":"a"},{"webhook_url":"a"},{"webhook_url":"c"}]}""",
        """{"provider_key":"q","items":[{"webhook_url":"a","integrator_key":"1"},{"webhook_url":"a","integrator_key":"3"},{"webhook_url":"a"},{"webhook_url":"c"}]}""")]
    public void What_a_change_leaves_out_stays_as_it_was(string given, string expected) =>
        Assert.Equal(expected, WebhookKeys.Merge(new ProtectedText(given), new ProtectedText(Before)).Reveal());
}
