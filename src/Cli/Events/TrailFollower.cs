using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using TokenActors.Client;
using TokenActors.Client.Audit;

namespace TokenActors.Cli.Events;

/// <summary>
/// Rows of the audit trail as they come, from now on. A row may appear later than younger ones, so the last minutes are
/// read again and again, and what was seen in them is left out. It goes on while the service cannot be reached.
/// </summary>
/// <param name="audit">the trail</param>
/// <param name="events">the rows that are wanted, by their events</param>
/// <param name="time">the clock of the pauses; those of the rows are the service's own</param>
/// <param name="note">is told of what passes by itself, once until it is over</param>
internal sealed class TrailFollower(
    AuditClient audit, IReadOnlyCollection<string> events, TimeProvider time, Action<string> note)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Rows may appear this much later than younger ones.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    private readonly Dictionary<long, DateTimeOffset> _seen = [];
    private DateTimeOffset _start = DateTimeOffset.UnixEpoch;
    private DateTimeOffset _latest = DateTimeOffset.UnixEpoch;
    private bool _isAway;

    /// <summary>How many rows it has to know again.</summary>
    public int Remembered => _seen.Count;

    private DateTimeOffset From => _latest - Overlap > _start ? _latest - Overlap : _start;

    /// <summary>Rows from the youngest on that is there now, by the clock of the service.</summary>
    public async Task Begin(CancellationToken cancellation)
    {
        var newest = await audit.List(new ListQuery { Limit = 1 }).Page(cancellation).ConfigureAwait(false);
        foreach (var row in newest.Items)
        {
            _start = row.At;
            See(row);
        }
    }

    /// <summary>Each row once, until it is cancelled.</summary>
    public async IAsyncEnumerable<AuditRow> Rows([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var query = new ListQuery
            {
                Filters =
                [
                    $"at[gte]{From.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}", "outcome[eq]done",
                    $"event[in]{string.Join(',', events)}",
                ],
                Order = ["at[asc]"],
                Limit = 500,
            };
            while (await Read(query, cancellation).ConfigureAwait(false) is { } page)
            {
                foreach (var row in page.Items.Where(See))
                {
                    yield return row;
                }

                if (page.Next is not { } next)
                {
                    break;
                }

                query = query with { After = next };
            }

            Forget();
            await Task.Delay(Every, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Null where it has to be asked again later.</summary>
    private async Task<ListPage<AuditRow>?> Read(ListQuery query, CancellationToken cancellation)
    {
        try
        {
            var page = await audit.List(query).Page(cancellation).ConfigureAwait(false);
            _isAway = false;
            return page;
        }
        catch (TokenActorsException e) when (
            e.Status is null or < HttpStatusCode.BadRequest or HttpStatusCode.TooManyRequests
                or >= HttpStatusCode.InternalServerError)
        {
            if (!_isAway)
            {
                note($"{e.Detail} It is tried again until it is back.");
            }

            _isAway = true;
            return null;
        }
    }

    private bool See(AuditRow row)
    {
        _latest = row.At > _latest ? row.At : _latest;
        return _seen.TryAdd(row.Number, row.At);
    }

    /// <summary>What is older is not read again.</summary>
    private void Forget()
    {
        var from = From;
        foreach (var (number, _) in _seen.Where(row => row.Value < from).ToList())
        {
            _seen.Remove(number);
        }
    }
}
