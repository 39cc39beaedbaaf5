using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using TokenActors.Grains.LocalReads;

namespace TokenActors.Grains.Tests.Tokens;

/// <summary>
/// Orleans gives an activation up that takes too long, and does not deactivate it. One that goes on all the same must
/// not be found by other threads: its successor may be on another silo.
/// </summary>
public sealed class GivenUpActivationTests : IAsyncLifetime
{
    private readonly SiloFixture _silo = new()
    {
        Replacements = services => services.Configure<GrainCollectionOptions>(
            options => options.ActivationTimeout = TimeSpan.FromSeconds(5)),
    };

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task What_it_read_too_late_is_looked_at_by_nobody()
    {
        var token = await _silo.NewToken();
        Assert.True(await _silo.Accepts(token.Id, token.Pair.Access));
        await _silo.RestartAsync();
        var local = _silo.Services.GetRequiredService<LocalTokens>();
        var opened = new TaskCompletionSource();
        _silo.Store.Gate = opened.Task;
        var asked = _silo.Verify(token.Id, token.Pair.Access);
        await Eventually.Holds(() => _silo.Store.Held > 0, "the row is asked for");
        _silo.Clock.Advance(TimeSpan.FromSeconds(6));
        var isAnswered = asked.ContinueWith(_ => { }, TaskScheduler.Default);
        await Eventually.Holds(
            () =>
            {
                _silo.Clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(isAnswered.IsCompleted);
            },
            "the caller is told");
        _silo.Store.Gate = Task.CompletedTask;
        opened.SetResult();
        await Eventually.Holds(() => _silo.Accepts(token.Id, token.Pair.Access), "a successor answers");
        Assert.True(local.IsActive(token.Id));
        await _silo.Token(token.Id).Disable(SiloFixture.Change());
        Assert.NotNull(local.TryVerify(token.Id, new() { Presented = token.Pair.Access.Fingerprint() })?.Refusal);
    }
}
