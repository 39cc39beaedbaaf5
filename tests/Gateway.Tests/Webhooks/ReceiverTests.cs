namespace TokenActors.Gateway.Tests.Webhooks;

/// <summary>Each test has a service and a receiver of its own.</summary>
public abstract class ReceiverTests : IAsyncLifetime
{
    protected WebhookService Service { get; } = new();

    protected Receiver Receiver { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Service.InitializeAsync();
        Receiver = await Receiver.Start();
    }

    public async Task DisposeAsync()
    {
        await Receiver.DisposeAsync();
        await Service.DisposeAsync();
    }
}
