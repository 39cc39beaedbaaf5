using TokenActors.Client.Webhooks;
using Service = TokenActors.Domain.Events.EventTypes;

namespace TokenActors.Client.Tests.Client;

/// <summary>The client's types of events are the service's.</summary>
public sealed class EventTypesTests
{
    [Fact]
    public void Each_entry_of_the_trail_has_the_type_that_the_service_gives_it()
    {
        Assert.Equal(Service.All, EventTypes.All);
        Assert.All(Service.ByEntry, entry => Assert.Equal(entry.Value, EventTypes.Of(entry.Key)));
        Assert.Equal(
            Service.ByEntry.Keys.Order(StringComparer.Ordinal), EventTypes.All.SelectMany(EventTypes.EntriesOf).Order(StringComparer.Ordinal));
        Assert.Null(EventTypes.Of("token.described"));
        Assert.Equal(
            ["token.imported", "token.issued", "token.issued_to_organization"], EventTypes.EntriesOf("token.issued"));
        Assert.Equal(EventTypes.All.Where(type => !Service.IsSentUnasked(type)), [EventTypes.TokenRefreshed]);
    }
}
