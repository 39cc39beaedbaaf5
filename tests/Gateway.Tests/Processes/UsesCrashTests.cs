using System.Net;
using System.Net.Sockets;
using TokenActors.Domain.Tokens;

namespace TokenActors.Gateway.Tests.Processes;

/// <summary>A number of uses, of a program that is killed while many use the token.</summary>
public sealed class UsesCrashTests : ProcessTests
{
    private const int Uses = 6_000;
    private const int Callers = 16;
    private const int Kills = 3;

    /// <summary>As many as are taken from the row at once.</summary>
    private const int LargestBlock = TokenLimits.LargestBlock;

    private static readonly Dictionary<string, string> NoLimits = new() { ["TokenActors__RateLimits__PerToken"] = "0" };

    private string _admin = "";
    private string _token = "";
    private int _accepted;

    [Fact]
    public async Task No_use_is_given_twice_and_few_are_lost_however_often_the_program_is_killed()
    {
        await StartUntilReady(environment: NoLimits);
        _admin = (string)ReadBootstrap()["access_secret"]!;
        var made = await Send(HttpMethod.Post, "/lifecycle/v1/tokens", _admin, $$"""{"permission_set":"viewer","uses":{{Uses}}}""");
        Assert.Equal(HttpStatusCode.Created, made?.Status);
        _token = (string)made!.Json["secrets"]!["access"]!;
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = Volatile.Read(ref _accepted);
            var callers = CallAtOnce();
            await Eventually.Holds(
                () => Volatile.Read(ref _accepted) >= before + LargestBlock, () => "a block of uses is accepted");
            Kill();
            await callers;
            await StartUntilReady(environment: NoLimits);
        }

        Assert.InRange(_accepted, Kills * LargestBlock, Uses);
        await CallAtOnce();

        // With each kill a block may go, and the answers that were under way.
        Assert.InRange(_accepted, Uses - (Kills * (LargestBlock + Callers)), Uses);
        Assert.False(await IsActive(_admin, _token));
    }

    /// <summary>Each goes on until the token is refused or was used too often, or nobody answers.</summary>
    private Task CallAtOnce() => Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
    {
        try
        {
            while (Volatile.Read(ref _accepted) <= Uses && await IsActive(_admin, _token))
            {
                Interlocked.Increment(ref _accepted);
            }
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException or TaskCanceledException)
        {
            // The program is gone.
        }
    }));
}
