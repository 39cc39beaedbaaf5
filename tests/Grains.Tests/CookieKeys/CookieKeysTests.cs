using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.CookieKeys;
using TokenActors.Storage;

namespace TokenActors.Grains.Tests.CookieKeys;

/// <summary>The keys that gateways share for the console.</summary>
public sealed class CookieKeysTests : IAsyncLifetime
{
    private static readonly (string, string) First = ("p1", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    private static readonly (string, string) Second = ("p2", Convert.ToBase64String(
        RandomNumberGenerator.GetBytes(32)));

    private readonly SiloFixture _silo = new() { Peppers = [First] };
    private readonly string _service = Guid.NewGuid().ToString();

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task Everyone_gets_the_same_key_also_after_a_restart_and_it_is_stored_encrypted()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Read()));
        var key = Assert.Single(keys.SelectMany(all => all).DistinctBy(one => one.Id));
        Assert.Equal(64, Convert.FromBase64String(key.Material.Reveal()).Length);
        var stored = await _silo.Store.Read(new("cookie_keys", _service));
        Assert.DoesNotContain(key.Material.Reveal(), stored?.State);
        await _silo.RestartAsync();
        var again = Assert.Single(await Read());
        Assert.Equal((key.Id, key.Material.Reveal(), key.EndsAt), (again.Id, again.Material.Reveal(), again.EndsAt));
    }

    [Fact]
    public async Task The_next_key_is_there_before_the_last_one_ends_and_an_old_one_goes()
    {
        var first = Assert.Single(await Read());
        _silo.Clock.Advance(TimeSpan.FromDays(77));
        var both = await Read();
        Assert.Equal([first.Id], both.Where(key => key.ActiveFrom <= _silo.Clock.GetUtcNow()).Select(key => key.Id));
        var next = both.Single(key => key.Id != first.Id);
        Assert.Equal(first.EndsAt, next.ActiveFrom);
        _silo.Clock.Advance(TimeSpan.FromDays(80));
        Assert.DoesNotContain(await Read(), key => key.Id == first.Id);
    }

    [Fact]
    public async Task A_key_under_a_pepper_that_is_forgotten_is_replaced()
    {
        var first = Assert.Single(await Read());
        _silo.Peppers = [Second, First];
        await _silo.RestartAsync();
        Assert.Equal(first.Id, Assert.Single(await Read()).Id);
        await _silo.Services.GetRequiredService<RecordStore>().Peppers.Forget("p1");
        _silo.Peppers = [Second];
        await _silo.RestartAsync();
        Assert.NotEqual(first.Id, Assert.Single(await Read()).Id);
    }

    [Fact]
    public async Task A_key_that_could_not_be_stored_is_given_to_nobody()
    {
        _silo.Store.Next(Fault.Lost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(Read);
        var key = Assert.Single(await Read());
        Assert.Equal(key.Id, Assert.Single(await Read()).Id);
    }

    private async Task<IReadOnlyList<CookieKey>> Read() =>
        await _silo.Grains.GetGrain<ICookieKeysGrain>(_service).GetKeys();
}
