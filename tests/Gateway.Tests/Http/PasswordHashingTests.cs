using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Gateway.Tests.Http;

/// <summary>Passwords are derived on some of the cores, whoever asks for how many.</summary>
public sealed class PasswordHashingTests
{
    private static readonly int HalfOfTheCores = Math.Max(1, Environment.ProcessorCount / 2);

    [Fact]
    public async Task At_most_half_of_the_cores_derive_and_a_bounded_number_waits()
    {
        using var hashing = new PasswordHashing();
        using var leave = new ManualResetEventSlim();
        var (running, most) = (0, 0);
        var asked = Enumerable.Range(0, HalfOfTheCores + PasswordHashing.MostWaiting)
            .Select(_ => hashing.OnACore(Derive, CancellationToken.None)).ToList();
        var beyond = hashing.OnACore(Derive, CancellationToken.None);
        var isRefused = beyond.IsFaulted;
        leave.Set();
        Assert.True(isRefused);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => beyond);
        await Task.WhenAll(asked);
        Assert.InRange(Volatile.Read(ref most), 1, HalfOfTheCores);

        int Derive()
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            leave.Wait();
            Thread.Yield();
            return Interlocked.Decrement(ref running);
        }
    }

    private static void InterlockedMax(ref int most, int now)
    {
        var before = Volatile.Read(ref most);
        while (now > before && Interlocked.CompareExchange(ref most, now, before) is var found && found != before)
        {
            before = found;
        }
    }
}
