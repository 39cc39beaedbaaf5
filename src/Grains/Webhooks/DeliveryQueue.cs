using TokenActors.Storage.Outbox;

namespace TokenActors.Grains.Webhooks;

/// <summary>
/// What waits for one endpoint, in memory. Of one subject only the oldest may be attempted: later ones wait behind it,
/// also while it waits for its next attempt. Other subjects go on.
/// </summary>
internal sealed class DeliveryQueue
{
    /// <summary>At so many it takes in no more.</summary>
    public const int MostWaiting = 10_000;

    private readonly Dictionary<long, WaitingDelivery> _waiting = [];
    private readonly Dictionary<string, SortedSet<long>> _subjects = [];
    private readonly PriorityQueue<long, DateTimeOffset> _heads = new();
    private readonly HashSet<long> _running = [];

    public int Count => _waiting.Count;

    /// <summary>When the next can be attempted; null where none waits for a time.</summary>
    public DateTimeOffset? NextDue => Head() is { } head ? head.DueAt : null;

    /// <summary>
    /// Takes in rows that were read, in order; those that are known stay as they are. A row that finds no place ends
    /// it: what comes after must not be attempted before it.
    /// </summary>
    /// <returns>how many rows are in it now</returns>
    public int Add(IReadOnlyList<WaitingDelivery> rows)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            if (_waiting.ContainsKey(row.Number))
            {
                continue;
            }

            if (_waiting.Count >= MostWaiting)
            {
                return i;
            }

            _waiting.Add(row.Number, row);

            if (!_subjects.TryGetValue(row.SubjectId, out var numbers))
            {
                _subjects[row.SubjectId] = numbers = [];
            }

            numbers.Add(row.Number);
            if (numbers.Min == row.Number)
            {
                _heads.Enqueue(row.Number, row.DueAt);
            }
        }

        return rows.Count;
    }

    /// <summary>The next that is due, which is under way from then on; null where there is none.</summary>
    public WaitingDelivery? Take(DateTimeOffset now)
    {
        if (Head() is not { } head || head.DueAt > now)
        {
            return null;
        }

        _heads.Dequeue();
        _running.Add(head.Number);
        return head;
    }

    /// <summary>One that was under way waits for its next attempt.</summary>
    public void Wait(WaitingDelivery again)
    {
        _running.Remove(again.Number);
        _waiting[again.Number] = again;
        _heads.Enqueue(again.Number, again.DueAt);
    }

    /// <summary>One that was under way is over: its subject goes on.</summary>
    public void End(WaitingDelivery ended)
    {
        _running.Remove(ended.Number);
        _waiting.Remove(ended.Number);
        var numbers = _subjects[ended.SubjectId];
        numbers.Remove(ended.Number);
        if (numbers.Count == 0)
        {
            _subjects.Remove(ended.SubjectId);
        }
        else if (!_running.Contains(numbers.Min))
        {
            _heads.Enqueue(numbers.Min, _waiting[numbers.Min].DueAt);
        }
    }

    /// <summary>Forgets what waits, because the rows may say something else by now; what is under way stays.</summary>
    public void ForgetWaiting()
    {
        _heads.Clear();
        foreach (var (number, row) in _waiting.Where(one => !_running.Contains(one.Key)).ToList())
        {
            _waiting.Remove(number);
            var numbers = _subjects[row.SubjectId];
            numbers.Remove(number);
            if (numbers.Count == 0)
            {
                _subjects.Remove(row.SubjectId);
            }
        }
    }

    public void Clear()
    {
        _waiting.Clear();
        _subjects.Clear();
        _heads.Clear();
        _running.Clear();
    }

    /// <summary>
    /// The head that is due first. One that was put in before an older one of its subject became known is none any
    /// more.
    /// </summary>
    private WaitingDelivery? Head()
    {
        while (_heads.TryPeek(out var number, out var due))
        {
            if (_waiting.TryGetValue(number, out var row) && row.DueAt == due && !_running.Contains(number)
                && _subjects[row.SubjectId].Min == number)
            {
                return row;
            }

            _heads.Dequeue();
        }

        return null;
    }
}
