using TokenActors.Storage.Records;

namespace TokenActors.Storage.Tests.Writing;

/// <summary>What somebody asks of a row.</summary>
public enum RowCommand
{
    Create,
    Update,
    Rename,
    Delete,
    Purge,

    /// <summary>The commit before this one once more, as after a lost answer.</summary>
    Repeat,
}

/// <summary>One step of a history.</summary>
/// <param name="Command">what is asked</param>
/// <param name="Row">of which row</param>
/// <param name="Off">how far the expected version is from the row's own</param>
/// <param name="Name">which name a new or renamed row is to have</param>
/// <param name="Parent">the row that has to be live for a creation; below zero: none</param>
public sealed record HistoryStep(RowCommand Command, int Row, int Off, int Name, int Parent);

/// <summary>
/// Rows as the store's contract has them, kept in a dictionary: the plainest thing that can be right. What the contract
/// leaves open is open here: of a name that is taken and a parent that is gone either may be told.
/// </summary>
internal sealed class HistoryModel(string history)
{
    private readonly Dictionary<string, StoredRecord> _rows = [];
    private readonly Dictionary<string, int> _written = [];
    private int _commands;
    private Commit? _last;

    public IReadOnlyDictionary<string, StoredRecord> Live => _rows;

    /// <summary>How many audit rows each subject has to have.</summary>
    public IReadOnlyDictionary<string, int> Written => _written;

    public string Organization => $"o-{history}";

    public string IdOf(int row) => $"{history}-{row}";

    public static string NameOf(int name) => $"Name-{name}";

    /// <summary>The commit of a step; null where there is nothing to do.</summary>
    public Commit? CommitOf(HistoryStep step)
    {
        var id = IdOf(step.Row);
        var stored = _rows.GetValueOrDefault(id);
        var expected = step.Command == RowCommand.Create ? 0 : Math.Max(1, (stored?.Version ?? 1) + step.Off);
        _last = step.Command switch
        {
            RowCommand.Repeat => _last,
            RowCommand.Create => CommitOf(RowOf(id, 0, NameOf(step.Name)), 0) with
            {
                // None is its own.
                LiveParents = step.Parent < 0 || step.Parent == step.Row ? [] : [Rows.Key(IdOf(step.Parent))],
            },
            RowCommand.Rename => CommitOf(RowOf(id, expected, NameOf(step.Name)), expected) with { Renames = true },
            RowCommand.Delete => CommitOf(
                RowOf(id, expected, stored?.Name ?? NameOf(0)) with { NameKey = null, Status = StoredRecord.Deleted }, expected),
            RowCommand.Purge =>
                CommitOf(RowOf(id, expected, stored?.Name ?? NameOf(0)), expected) with { Purges = true },
            _ => CommitOf(
                RowOf(id, expected, stored?.Name ?? NameOf(0)) with { NameKey = stored?.NameKey, Status = stored?.Status ?? StoredRecord.Live },
                expected),
        };
        return _last;
    }

    /// <summary>What a commit may come to, and whether it is written now; it is carried out where it is.</summary>
    public (CommitOutcome[] Outcomes, bool IsWritten) Apply(Commit commit)
    {
        var record = commit.Record;
        var stored = _rows.GetValueOrDefault(record.Key.Id);
        if (stored is not null && stored.Version == record.Version && stored.CommandId == record.CommandId)
        {
            return ([CommitOutcome.Done], false);
        }

        if (stored is null && commit.Purges)
        {
            return ([CommitOutcome.Done], false);
        }

        if ((stored?.Version ?? 0) != commit.ExpectedVersion)
        {
            return ([CommitOutcome.Conflict], false);
        }

        List<CommitOutcome> refusals = [];
        if (record.NameKey is { } name && !commit.Purges
            && _rows.Values.Any(other => other.NameKey == name && other.Key != record.Key))
        {
            refusals.Add(CommitOutcome.NameTaken);
        }

        if (commit.LiveParents.Any(parent => _rows.GetValueOrDefault(parent.Id) is not { Status: StoredRecord.Live }))
        {
            refusals.Add(CommitOutcome.ParentGone);
        }

        if (refusals.Count > 0)
        {
            return ([.. refusals], false);
        }

        _written[record.Key.Id] = _written.GetValueOrDefault(record.Key.Id) + 1;
        if (commit.Purges)
        {
            _rows.Remove(record.Key.Id);
        }
        else
        {
            _rows[record.Key.Id] = record;
        }

        return ([CommitOutcome.Done], true);
    }

    private StoredRecord RowOf(string id, long expected, string name) =>
        Rows.Row(id, expected + 1, name, $"{history}-c{_commands++}") with { OrganizationId = Organization };

    private static Commit CommitOf(StoredRecord row, long expected) => new(
        row, expected, [Rows.Entry(row.Key.Id, row.Version) with { OrganizationId = row.OrganizationId }]);
}
