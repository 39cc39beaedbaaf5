using System.Data.Common;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Writing;

/// <summary>
/// Looks up why a row was not written, as the statement over many rows does not say, and whether one would be.
/// </summary>
internal sealed class CommitOutcomes(Database database, string serviceId)
{
    /// <returns>
    /// null where nothing stands in the way: another connection wrote its last use at the same time, or let go of its
    /// imported key, and the commit can be repeated </returns>
    public async Task<CommitOutcome?> Of(DbConnection connection, Commit commit)
    {
        var record = commit.Record;
        var row = await Stored(connection, record.Key);
        if (row.Version > 0)
        {
            if (row.CommandId == record.CommandId && row.Version == record.Version)
            {
                return CommitOutcome.Done;
            }

            if (row.Version != commit.ExpectedVersion)
            {
                return CommitOutcome.Conflict;
            }
        }
        else if (commit.Purges)
        {
            return CommitOutcome.Done;
        }
        else if (commit.ExpectedVersion > 0)
        {
            return CommitOutcome.Conflict;
        }

        if (await IsNameTaken(connection, record))
        {
            return CommitOutcome.NameTaken;
        }

        if (await database.IsKeyTaken(connection, transaction: null, serviceId, commit))
        {
            return CommitOutcome.KeyTaken;
        }

        if (commit.ExpectedVersion > 0)
        {
            return null;
        }

        if (!await AllLive(connection, commit.LiveParents))
        {
            return CommitOutcome.ParentGone;
        }

        // Another token had the key for a moment, in a transaction that wrote something else in the end.
        return commit.ImportedKeys is null ? CommitOutcome.Conflict : null;
    }

    /// <summary>What rows that are written together would come to. A row may be the parent of another.</summary>
    public async Task<CommitOutcome> Foresee(DbConnection connection, IReadOnlyList<Commit> commits)
    {
        var together = commits.Select(commit => commit.Record.Key).ToHashSet();
        foreach (var commit in commits)
        {
            if ((await Stored(connection, commit.Record.Key)).Version != commit.ExpectedVersion)
            {
                return CommitOutcome.Conflict;
            }

            if ((commit.Renames || commit.ExpectedVersion == 0) && await IsNameTaken(connection, commit.Record))
            {
                return CommitOutcome.NameTaken;
            }

            if (await database.IsKeyTaken(connection, transaction: null, serviceId, commit))
            {
                return CommitOutcome.KeyTaken;
            }

            if (!await AllLive(connection, [.. commit.LiveParents.Where(parent => !together.Contains(parent))]))
            {
                return CommitOutcome.ParentGone;
            }
        }

        return CommitOutcome.Done;
    }

    /// <summary>Version and command of a row; 0 and nothing where there is none.</summary>
    private async Task<(long Version, string CommandId)> Stored(DbConnection connection, RecordKey key)
    {
        await using var outcome = connection.Command(
            database.Sql["outcome"], ("service", serviceId), ("kind", key.Kind), ("id", key.Id));
        return await outcome.ReadAll(row => (Version: row.GetInt64(0), CommandId: row.GetString(1))) is [var row]
            ? row
            : (0, "");
    }

    private async Task<bool> IsNameTaken(DbConnection connection, StoredRecord record)
    {
        if (record.NameKey is not { } name)
        {
            return false;
        }

        await using var taken = connection.Command(
            database.Sql["name_taken"],
            ("service", serviceId), ("organization_id", record.OrganizationId), ("kind", record.Key.Kind),
            ("name_key", name), ("name_scope", record.NameScope), ("id", record.Key.Id));
        return await taken.ExecuteScalarAsync() is not null;
    }

    private async Task<bool> AllLive(DbConnection connection, IReadOnlyList<RecordKey> parents)
    {
        foreach (var parent in parents)
        {
            await using var live = connection.Command(
                database.Sql["live"], ("service", serviceId), ("kind", parent.Kind), ("id", parent.Id));
            if ((await live.ReadAll(row => row.GetString(0))).Count == 0)
            {
                return false;
            }
        }

        return true;
    }
}
