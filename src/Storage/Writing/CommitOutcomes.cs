using System.Data.Common;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Writing;

/// <summary>Looks up why a row was not written: the statement over many rows does not say.</summary>
internal sealed class CommitOutcomes(Database database, string serviceId)
{
    /// <returns>
    /// null where the row is at the expected version: another connection wrote its last use at the same time, and the
    /// commit can be repeated </returns>
    public async Task<CommitOutcome?> Of(DbConnection connection, Commit commit)
    {
        var record = commit.Record;
        await using var outcome = connection.Command(
            database.Sql["outcome"], ("service", serviceId), ("kind", record.Key.Kind), ("id", record.Key.Id));
        var rows = await outcome.ReadAll(row => (Version: row.GetInt64(0), CommandId: row.GetString(1)));
        if (rows is [var row])
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

        if (record.NameKey is { } name)
        {
            await using var taken = connection.Command(
                database.Sql["name_taken"],
                ("service", serviceId), ("organization_id", record.OrganizationId), ("kind", record.Key.Kind),
                ("name_key", name), ("name_scope", record.NameScope), ("id", record.Key.Id));
            if (await taken.ExecuteScalarAsync() is not null)
            {
                return CommitOutcome.NameTaken;
            }
        }

        if (commit.ExpectedVersion > 0)
        {
            return null;
        }

        return await AllLive(connection, commit.LiveParents) ? CommitOutcome.Conflict : CommitOutcome.ParentGone;
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
