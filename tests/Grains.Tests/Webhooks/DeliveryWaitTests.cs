using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.Webhooks;
using TokenActors.Storage.Outbox;

namespace TokenActors.Grains.Tests.Webhooks;

/// <summary>The grain's own timer, by a driven clock: nobody else wakes it.</summary>
public sealed class DeliveryWaitTests : IAsyncLifetime
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly Timers _timers = new();
    private readonly SiloFixture _silo;
    private int _sent;

    public DeliveryWaitTests()
    {
        var sender = Stub.Of<IWebhookSender>((_, _) =>
        {
            Interlocked.Increment(ref _sent);
            return Task.FromResult(new AttemptResult(500, null, null, TimeSpan.Zero, null));
        });
        TimeSpan[] delays = [TimeSpan.Zero, TimeSpan.FromMinutes(10), TimeSpan.FromHours(60)];
        _silo = new SiloFixture
        {
            Replacements = services =>
            {
                services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, _timers);
                services.Replace(ServiceDescriptor.Singleton(sender));
                services.Replace(ServiceDescriptor.Singleton(
                    new DeliverySettings(delays, DisableAfter: 365 * Day, SweepEvery: 40 * Day)));
            },
        };
    }

    public Task InitializeAsync() => _silo.StartAsync();

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task A_grain_waits_until_a_delivery_is_due_again_and_looks_every_day_where_that_is_long()
    {
        var (organization, member) = await _silo.NewOrganization();
        var endpoint = await Listen(organization);
        _silo.Clock.AutoAdvanceAmount = TimeSpan.Zero;
        await _silo.NewToken(organization, member);

        var due = await DueAfter(endpoint, attempts: 1);
        await IsSet(due - _silo.Clock.GetUtcNow());
        Assert.Equal(1, Volatile.Read(ref _sent));
        Pass(due - _silo.Clock.GetUtcNow());

        // Of 54 to 66 hours there are two days, and a rest.
        due = await DueAfter(endpoint, attempts: 2);
        await IsSet(Day, times: 1);
        Pass(Day);
        await IsSet(Day, times: 2);
        Pass(Day);
        await IsSet(due - _silo.Clock.GetUtcNow());
        Assert.Equal(2, Volatile.Read(ref _sent));
        Pass(due - _silo.Clock.GetUtcNow());
        await Eventually.Holds(() => Volatile.Read(ref _sent) == 3, "the last attempt is made");
    }

    private async Task<string> Listen(OrganizationId organization)
    {
        var id = Guid.NewGuid().ToString();
        Assert.Null((await _silo.Grains.GetGrain<IEventEndpointGrain>(id).Create(new CreateResource
        {
            Context = SiloFixture.Command(),
            OrganizationId = organization,
            Secret = new ProtectedText("whsec_" + Convert.ToBase64String(new byte[32])),
            Content = new() { Webhook = new WebhookContent { Address = "https://127.0.0.1/", Types = ["token.issued"] } },
        })).Refusal);
        return id;
    }

    private async Task<DateTimeOffset> DueAfter(string endpoint, int attempts)
    {
        var outbox = _silo.Services.GetRequiredService<IOutbox>();
        return (await Eventually.Finds(
            async () => (await outbox.Waiting(endpoint, 0, 10)).SingleOrDefault(),
            delivery => delivery.Attempts == attempts)).DueAt;
    }

    private Task IsSet(TimeSpan wait, int times = 1) => Eventually.Holds(
        () => _timers.Waits.Count(each => (each - wait).Duration() < TimeSpan.FromMilliseconds(1)) == times,
        () => $"a wait of {wait} in {string.Join(", ", _timers.Waits)}");

    /// <summary>A millisecond more, since the database keeps no smaller parts of one.</summary>
    private void Pass(TimeSpan time)
    {
        _silo.Clock.Advance(time + TimeSpan.FromMilliseconds(1));
        _timers.Advance(time + TimeSpan.FromMilliseconds(1));
    }

    /// <summary>The clock of the grains' timers, which notes for how long each is set.</summary>
    private sealed class Timers : FakeTimeProvider
    {
        public ConcurrentQueue<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Waits.Enqueue(dueTime);
            return new Noted(timer, Waits);
        }

        private sealed class Noted(ITimer timer, ConcurrentQueue<TimeSpan> waits) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                var isChanged = timer.Change(dueTime, period);
                waits.Enqueue(dueTime);
                return isChanged;
            }

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
