using TokenActors.Domain.Identity;
using TokenActors.Grains.Foundation;

namespace TokenActors.Grains.Tests.Tokens;

/// <summary>How often rows are counted where there may be but so many.</summary>
public sealed class QuotaTests : IAsyncLifetime
{
    private readonly SiloFixture _silo = new();
    private readonly Quota _quota = new()
    {
        Kinds = [Kinds.Intent], OrganizationId = new OrganizationId(Guid.NewGuid()), Most = 10,
    };

    private int _counts;

    public async Task InitializeAsync()
    {
        await _silo.InitializeAsync();
        _silo.Store.OnCount = scope =>
        {
            if (scope.OrganizationId == _quota.OrganizationId.ToString())
            {
                Interlocked.Increment(ref _counts);
            }
        };
    }

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task Rows_are_counted_once_while_there_is_room_and_again_before_a_refusal()
    {
        for (var i = 0; i < _quota.Most; i++)
        {
            Assert.True(await TakeAndRelease());
        }

        Assert.Equal(1, _counts);

        // Each of these places may have become a row: only a count says that none did.
        Assert.True(await TakeAndRelease());
        Assert.Equal(2, _counts);
    }

    [Fact]
    public async Task Rows_are_counted_again_after_a_minute()
    {
        Assert.True(await TakeAndRelease());
        Assert.True(await TakeAndRelease());
        Assert.Equal(1, _counts);
        _silo.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.True(await TakeAndRelease());
        Assert.Equal(2, _counts);
    }

    [Fact]
    public async Task Places_that_are_held_count_as_rows()
    {
        for (var i = 0; i < _quota.Most; i++)
        {
            Assert.True(await _silo.Grains.Take(_quota, $"{Guid.NewGuid()}"));
        }

        Assert.False(await _silo.Grains.Take(_quota, $"{Guid.NewGuid()}"));
        Assert.True(_counts > 1);
    }

    private async Task<bool> TakeAndRelease()
    {
        var place = $"{Guid.NewGuid()}";
        var isTaken = await _silo.Grains.Take(_quota, place);
        await _silo.Grains.Release(_quota, place);
        return isTaken;
    }
}
