using System.Security.Cryptography;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Writing;

namespace TokenActors.Storage.Usage;

/// <summary>
/// Rows of days, into which several silos may write: each is read, added to, and written over what was read. What
/// another has written meanwhile is read again.
/// </summary>
internal sealed class TokenDays(Database database, string serviceId, GroupCommit writer, Queries queries)
{
    private const int MostAttempts = 20;

    /// <summary>Adds to days. A fault may hide that a row was written.</summary>
    public async Task Add(IReadOnlyCollection<TokenUsage> uses)
    {
        var wanted = uses
            .SelectMany(use => use.Hours.GroupBy(hour => DayOf(hour.Key)).Select(day => (
                Place: (use.TokenId, Day: day.Key), Hours: day.ToDictionary(
                    hour => hour.Key.UtcDateTime.Hour, hour => hour.Value))))
            .ToDictionary(day => day.Place, day => day.Hours);
        var mark = RandomNumberGenerator.GetHexString(32);
        for (var attempt = 0; wanted.Count > 0 && attempt < MostAttempts; attempt++)
        {
            var stored = await Read(wanted.Keys);
            var rows = wanted.Select(day => Row(day.Key, day.Value, stored.GetValueOrDefault(day.Key))).ToList();
            var written = await writer.Execute(
                database.Sql["put_token_days"], ("service", serviceId), ("writer", mark), ("rows", JsonRows.Of(rows, Write)));
            if (written == rows.Count)
            {
                return;
            }

            foreach (var (place, day) in await Read(wanted.Keys))
            {
                if (day.WrittenBy == mark)
                {
                    wanted.Remove(place);
                }
            }

            await RetryPause.Before(attempt + 1);
        }
    }

    public Task<IReadOnlyList<TokenHour>> Of(string tokenId, DateTimeOffset from) => Unpacked(queries.Many(
        "token_days", row => (Day: row.GetInt64(0), Hours: row.GetString(1)), ("token", tokenId), ("from", DayOf(from))));

    public Task<int> Sweep(DateTimeOffset before, int limit) => writer.Execute(
        database.Sql["sweep_token_days"], ("service", serviceId), ("before", DayOf(before)), ("limit", (long)limit));

    private static long DayOf(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerDay;

    private static async Task<IReadOnlyList<TokenHour>> Unpacked(Task<IReadOnlyList<(long Day, string Hours)>> reading) =>
    [
        .. from day in await reading
           let start = DateTimeOffset.UnixEpoch.AddDays(day.Day)
           from hour in PackedHours.Unpack(day.Hours).OrderBy(hour => hour.Key)
           select new TokenHour(start.AddHours(hour.Key), hour.Value),
    ];

    private static DayRow Row((string Token, long Day) place, Dictionary<int, UseCounts> added, StoredDay? stored)
    {
        var hours = stored is null ? [] : PackedHours.Unpack(stored.Hours);
        foreach (var (hour, counts) in added)
        {
            hours[hour] = hours.TryGetValue(hour, out var earlier) ? earlier.Add(counts) : counts;
        }

        return new(place.Token, place.Day, PackedHours.Pack(hours), stored?.WrittenBy ?? "");
    }

    private static void Write(IParameters to, DayRow row)
    {
        to.Add("token_id", row.TokenId);
        to.Add("day", row.Day);
        to.Add("hours", row.Hours);
        to.Add("written_over", row.WrittenOver);
    }

    private async Task<Dictionary<(string Token, long Day), StoredDay>> Read(
        IEnumerable<(string Token, long Day)> places)
    {
        var keys = JsonRows.Of(places, (to, place) =>
        {
            to.Add("token_id", place.Token);
            to.Add("day", place.Day);
        });
        var rows = await queries.Many(
            "token_days_read",
            row => (Place: (row.GetString(0), row.GetInt64(1)), Day: new StoredDay(row.GetString(2), row.GetString(3))),
            ("rows", keys));
        return rows.ToDictionary(row => row.Place, row => row.Day);
    }

    private sealed record DayRow(string TokenId, long Day, string Hours, string WrittenOver);

    private sealed record StoredDay(string Hours, string WrittenBy);
}
