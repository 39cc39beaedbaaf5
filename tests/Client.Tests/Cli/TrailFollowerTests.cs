using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Cli.Events;
using TokenActors.Client.Tests.Client;

namespace TokenActors.Client.Tests.Cli;

/// <summary>What <c>ta webhook listen</c> reads of the trail.</summary>
public sealed class TrailFollowerTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _notes = [];

    [Fact]
    public async Task Rows_come_once_each_although_they_are_read_again_and_may_come_late()
    {
        using var handler = new CannedHandler(asked => asked switch
        {
            0 => Page(Row(1, 0)),
            1 => Page(Row(1, 0), Row(3, 30)),
            2 => Page(Row(1, 0), Row(2, 20), Row(3, 30)),
            _ => Page(Row(4, 40)),
        });
        Assert.Equal([3, 2, 4], await Read(handler, 3));
        Assert.Contains(
            "at[gte]2030-01-01T00:00:00", Uri.UnescapeDataString(handler.Asked[2].Query), StringComparison.Ordinal);
        Assert.Contains(
            "event[in]token.issued,token.rotated", Uri.UnescapeDataString(handler.Asked[1].Query),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_on_where_the_service_was_away_and_says_so_once()
    {
        using var handler = new CannedHandler(asked => asked switch
        {
            0 => Page(Row(1, 0)),
            1 or 2 or 3 => null,
            4 => Page(Row(2, 10)),
            5 => null,
            _ => Page(Row(3, 20)),
        });
        Assert.Equal([2, 3], await Read(handler, 2));
        Assert.Equal(2, _notes.Count);
    }

    [Fact]
    public async Task What_is_not_read_again_is_forgotten()
    {
        // A thousand rows, half a minute between them: four or five lie within the time that is read again.
        using var handler = new CannedHandler(asked => Page(Row(asked + 1, asked * 30)));
        var follower = Follower(handler);
        await follower.Begin(default);
        await foreach (var row in Rows(follower))
        {
            Assert.InRange(follower.Remembered, 1, 6);
            if (row.Number == 1_000)
            {
                return;
            }
        }
    }

    private async Task<List<long>> Read(CannedHandler handler, int count)
    {
        var follower = Follower(handler);
        await follower.Begin(default);
        List<long> numbers = [];
        await foreach (var row in Rows(follower))
        {
            numbers.Add(row.Number);
            if (numbers.Count == count)
            {
                break;
            }
        }

        return numbers;
    }

    private TrailFollower Follower(CannedHandler handler) =>
        new(handler.Client().Audit, ["token.issued", "token.rotated"], _clock, _notes.Add);

    /// <summary>The rows, with the clock driven while one is waited for.</summary>
    private async IAsyncEnumerable<TokenActors.Client.Audit.AuditRow> Rows(TrailFollower follower)
    {
        await using var rows = follower.Rows(default).GetAsyncEnumerator();
        while (true)
        {
            var next = rows.MoveNextAsync().AsTask();
            await Eventually.Holds(() =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return next.IsCompleted;
            });
            await next;
            yield return rows.Current;
        }
    }

    private static string Page(params JsonObject[] rows) =>
        new JsonObject { ["items"] = new JsonArray([.. rows]), ["next_cursor"] = null }.ToJsonString();

    private static JsonObject Row(long number, int seconds) => new()
    {
        ["number"] = number, ["at"] = Start.AddSeconds(seconds).ToString("O", CultureInfo.InvariantCulture), ["organization_id"] = "o",
        ["event"] = "token.issued", ["subject_kind"] = "token", ["subject_id"] = "t", ["subject_version"] = 1, ["outcome"] = "done",
        ["command_id"] = "c",
    };
}
