using System.Data.Common;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Databases;

/// <summary>
/// A database whose batch is one statement for all creates and one for all further versions. Renames and purges, which
/// are rare, are a transaction each.
/// </summary>
internal abstract class GroupedDatabase(string name, DbDataSource source) : Database(name, source)
{
    /// <summary>Two, so that callers prepare the next group while the server writes one.</summary>
    public override int Writers => 2;

    public override async Task<HashSet<RecordKey>> WriteBatch(
        DbConnection connection, string serviceId, IReadOnlyList<Commit> batch)
    {
        var creates = batch.Where(commit => commit is { ExpectedVersion: 0, ImportedKeys: null }).ToList();
        var updates = batch.Where(
            commit => commit is { ExpectedVersion: > 0, Purges: false, Renames: false, ImportedKeys: null }).ToList();
        var singles = batch.Where(
            commit => commit.ExpectedVersion > 0 && (commit.Purges || commit.Renames || commit.ImportedKeys is not null)).ToList();
        var imports = batch.Where(commit => commit is { ExpectedVersion: 0, ImportedKeys: not null }).ToList();

        // Each statement is a transaction of its own. Where one fails the whole batch is repeated, and rows that
        // another statement wrote already are found to be done.
        HashSet<RecordKey> done = [];
        if (creates.Count > 0)
        {
            done.UnionWith(await Insert(connection, serviceId, creates));
        }

        if (updates.Count > 0)
        {
            done.UnionWith(await Update(connection, serviceId, updates));
        }

        foreach (var single in singles)
        {
            if (await WriteSingle(connection, serviceId, single))
            {
                done.Add(single.Record.Key);
            }
        }

        done.UnionWith(await Import(connection, serviceId, imports));
        return done;
    }

    /// <summary>
    /// Writes tokens of imported keys, as many as can be in one transaction: those that cannot be written are left out.
    /// In the order of their keys, since transactions that take the same keys in different orders wait for each other.
    /// </summary>
    private async Task<IEnumerable<RecordKey>> Import(DbConnection connection, string serviceId, List<Commit> imports)
    {
        List<RecordKey> done = [];
        Stack<List<Commit>> left = new([[.. imports.OrderBy(FirstKey, StringComparer.Ordinal)]]);
        while (left.TryPop(out var some))
        {
            if (some.Count == 0)
            {
                continue;
            }

            if (await WriteTogether(connection, serviceId, some) is not { } failed)
            {
                done.AddRange(some.Select(commit => commit.Record.Key));
                continue;
            }

            // What comes before it is written first, and may fail by now for what somebody else wrote meanwhile.
            var at = some.IndexOf(failed);
            left.Push(some[(at + 1)..]);
            left.Push(some[..at]);
        }

        return done;
    }

    /// <summary>The same for a key whichever other peppers a silo has beside the first of their ids.</summary>
    private static string FirstKey(Commit commit) => commit.ImportedKeys?.MinBy(key => key.PepperId, StringComparer.Ordinal) is { } first
        ? $"{first.Scheme} {first.PepperId} {first.Digest}"
        : "";

    /// <returns>the keys of the rows that were made</returns>
    protected abstract Task<List<RecordKey>> Insert(DbConnection connection, string serviceId, List<Commit> creates);

    /// <returns>the keys of the rows that were at the expected version</returns>
    protected abstract Task<List<RecordKey>> Update(DbConnection connection, string serviceId, List<Commit> updates);

    /// <summary>
    /// The statement for a group: where nobody listens to any of it, the one that writes nothing of events.
    /// </summary>
    protected static string Told(string statement, IEnumerable<Commit> commits) =>
        HasEvents(commits) ? statement + "_told" : statement;

    protected static bool HasEvents(IEnumerable<Commit> commits) =>
        commits.Any(commit => commit.Audit.Any(entry => entry.Payload is not null));

    protected static RecordKey ReadKey(DbDataReader row) => new(row.GetString(0), row.GetString(1));

    private async Task<bool> WriteSingle(DbConnection connection, string serviceId, Commit commit)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        var statement = Sql[commit.Purges ? "purge" : "update"];
        await using var write = connection.Command(
            commit.Renames ? $"{statement} AND NOT EXISTS ({Sql["name_taken"]})" : statement,
            Parameters.Of(serviceId, commit));
        write.Transaction = transaction;
        if (await write.ExecuteNonQueryAsync() == 0)
        {
            return false;
        }

        await WriteCompanions(connection, transaction, serviceId, commit);
        await WriteImportedKeys(connection, transaction, serviceId, commit);
        foreach (var entry in commit.Audit)
        {
            await WriteAudit(connection, transaction, serviceId, entry);
        }

        await transaction.CommitAsync();
        return true;
    }
}
