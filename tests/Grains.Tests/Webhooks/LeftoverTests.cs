using Microsoft.Extensions.DependencyInjection;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Storage.Outbox;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Webhooks;

/// <summary>Deliveries of endpoints that are sent nothing, as a silo writes that did not know yet.</summary>
public sealed class LeftoverTests : IAsyncLifetime
{
    private readonly SiloFixture _silo = new();

    public Task InitializeAsync() => _silo.StartAsync();

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task What_was_written_for_an_endpoint_that_is_gone_does_not_wait_for_ever()
    {
        var outbox = _silo.Services.GetRequiredService<IOutbox>();
        var id = Guid.NewGuid().ToString();
        await _silo.Services.GetRequiredService<IRecordStore>().Append(new AuditEntry
        {
            OrganizationId = Guid.NewGuid().ToString(), At = DateTimeOffset.UnixEpoch, Event = "token.rotated",
            Subject = new RecordKey("token", "t1"), SubjectVersion = 1, CommandId = "c1", Outcome = "ok",
            Payload = new EventPayload(Guid.NewGuid(), "token.rotated", "{}", null, [id]),
        });

        // The deliveries may be gone by now: who writes an event wakes its endpoint.
        Assert.NotEmpty(await outbox.Events([1]));
        await _silo.Grains.GetGrain<IWebhookDeliveryGrain>(id).Wake(fromStart: true);
        await Eventually.Holds(async () => (await outbox.Waiting(id, 0, 10)).Count == 0, "nothing waits");
    }
}
