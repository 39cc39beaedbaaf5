using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;
using TokenActors.Storage.Writing;

namespace TokenActors.Storage.Outbox;

/// <summary>
/// Writes commits and audit entries with the payloads of their events, and says when they are written.
/// </summary>
internal sealed class ToldWrites(Database database, string serviceId, GroupCommit writer)
{
    /// <summary>Null: nobody is told of anything.</summary>
    public IEventTelling? Telling { get; set; }

    public Task<CommitOutcome> Commit(Commit commit)
    {
        if (Telling is null)
        {
            return writer.Commit(commit);
        }

        var told = Telling.Tell(commit);
        return told.IsCompletedSuccessfully ? Write(told.Result) : WhenKnown(told);

        async Task<CommitOutcome> WhenKnown(ValueTask<Commit> asked) => await Write(await asked);
    }

    public async Task<CommitOutcome> CommitAll(IReadOnlyList<Commit> commits)
    {
        if (Telling is null)
        {
            return await writer.CommitAll(commits);
        }

        List<Commit> told = [];
        foreach (var commit in commits)
        {
            told.Add(await Telling.Tell(commit));
        }

        var outcome = await writer.CommitAll(told);
        if (outcome == CommitOutcome.Done)
        {
            told.ForEach(commit => Telling.Written(commit.Audit));
        }

        return outcome;
    }

    public async Task Append(AuditEntry entry)
    {
        var told = Telling is null ? entry : await Telling.Tell(entry);
        if (told.Payload is null)
        {
            await writer.Execute(database.Sql["audit"], Parameters.Of(serviceId, told));
            return;
        }

        await writer.Append(told);
        Telling?.Written([told]);
    }

    private Task<CommitOutcome> Write(Commit commit)
    {
        return IsHeard(commit.Audit) ? AndSay() : writer.Commit(commit);

        async Task<CommitOutcome> AndSay()
        {
            var outcome = await writer.Commit(commit);
            if (outcome == CommitOutcome.Done)
            {
                Telling?.Written(commit.Audit);
            }

            return outcome;
        }
    }

    private static bool IsHeard(IReadOnlyList<AuditEntry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Payload is not null)
            {
                return true;
            }
        }

        return false;
    }
}
