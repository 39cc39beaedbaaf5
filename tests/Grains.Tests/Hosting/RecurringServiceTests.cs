using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Hosting.Recurring;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>What recurs begins with the host, and ends neither it nor itself.</summary>
public sealed class RecurringServiceTests
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _clock = new();
    private readonly Lifetime _host = new();

    [Fact]
    public async Task Nothing_is_done_before_the_host_has_started()
    {
        using var service = new Counting(_host, _clock, atOnce: true);
        await service.StartAsync(CancellationToken.None);
        _clock.Advance(10 * Every);
        Assert.Equal(0, service.Begun);
        _host.Start();
        await service.Wait(1);
        await service.StopAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData(typeof(ArgumentException))]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OperationCanceledException))]
    public async Task A_failure_of_any_kind_is_said_once_in_a_row_and_tried_again(Type kind)
    {
        using var service = new Counting(_host, _clock, atOnce: true)
        {
            Fails = time => time is 2 or 3 or 5 ? (Exception)Activator.CreateInstance(kind)! : null,
        };
        await service.StartAsync(CancellationToken.None);
        _host.Start();
        await service.Wait(1);
        for (var time = 2; time <= 6; time++)
        {
            _clock.Advance(Every);
            await service.Wait(time);
        }

        Assert.Equal(2, service.Said);
        Assert.False(service.ExecuteTask!.IsCompleted);
        await service.StopAsync(CancellationToken.None);
        Assert.True(service.ExecuteTask.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task The_end_of_the_host_is_no_failure()
    {
        using var service = new Counting(_host, _clock, atOnce: true) { Hangs = true };
        await service.StartAsync(CancellationToken.None);
        _host.Start();
        await service.Wait(1);
        await service.StopAsync(CancellationToken.None);
        Assert.True(service.ExecuteTask!.IsCompletedSuccessfully);
        Assert.Equal(0, service.Said);
    }

    [Fact]
    public async Task A_failure_while_the_host_ends_is_not_said_and_faults_nothing()
    {
        using var service = new Counting(_host, _clock, atOnce: true) { Hangs = true, FailsAtTheEnd = true };
        await service.StartAsync(CancellationToken.None);
        _host.Start();
        await service.Wait(1);
        await service.StopAsync(CancellationToken.None);
        Assert.True(service.ExecuteTask!.IsCompletedSuccessfully);
        Assert.Equal(0, service.Said);
    }

    private sealed class Counting(IHostApplicationLifetime host, TimeProvider clock, bool atOnce)
        : RecurringService(host, Every, atOnce, clock)
    {
        private readonly SemaphoreSlim _done = new(0);

        public Func<int, Exception?> Fails { get; init; } = _ => null;

        public bool Hangs { get; init; }

        public bool FailsAtTheEnd { get; init; }

        public int Begun { get; private set; }

        public int Said { get; private set; }

        /// <summary>Until it was done once more, which makes so many times.</summary>
        public async Task Wait(int times)
        {
            Assert.True(await _done.WaitAsync(Deadline));
            Assert.Equal(times, Begun);
        }

        protected override async Task Run(CancellationToken stopping)
        {
            Begun++;
            _done.Release();
            if (Hangs)
            {
                await Task.Delay(Timeout.Infinite, stopping)
                    .ConfigureAwait(
                        FailsAtTheEnd ? ConfigureAwaitOptions.SuppressThrowing : ConfigureAwaitOptions.None);
                throw new TimeoutException();
            }

            if (Fails(Begun) is { } failure)
            {
                throw failure;
            }
        }

        protected override void LogLater(Exception exception) => Said++;
    }

    internal sealed class Lifetime : IHostApplicationLifetime
    {
        private readonly CancellationTokenSource _started = new();

        public CancellationToken ApplicationStarted => _started.Token;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void Start() => _started.Cancel();

        public void StopApplication()
        {
        }
    }
}
