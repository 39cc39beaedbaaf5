using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Writing;

/// <summary>
/// Takes queued writes, sends them as one group over its own connection, and completes each caller with its own
/// outcome.
/// </summary>
internal sealed partial class GroupWriter(
    Database database, string serviceId, ChannelReader<Work> queue, StoreHealth health, ILogger logger)
{
    private const int LargestBatch = 256;

    private readonly ILogger _logger = logger;
    private readonly WriterConnection _connection = new(database, health, logger);
    private readonly CommitOutcomes _outcomes = new(database, serviceId);
    private readonly List<CommitWork> _commits = [];
    private readonly Dictionary<RecordKey, UsageUpdate> _usage = [];
    private readonly HashSet<RecordKey> _keys = [];
    private Work? _held;

    /// <summary>Writes groups until the queue is closed and empty.</summary>
    public async Task Run()
    {
        while (_held is not null || await queue.WaitToReadAsync())
        {
            // Whoever is about to enqueue does so first.
            await Task.Yield();
            await WriteNext();
        }

        await _connection.DisposeAsync();
    }

    /// <summary>Writes one group for each call, until <paramref name="calls"/> is closed.</summary>
    public async Task RunWhenCalled(ChannelReader<bool> calls)
    {
        await foreach (var _ in calls.ReadAllAsync())
        {
            do
            {
                await WriteNext();
            }
            while (_held is not null);
        }

        await _connection.DisposeAsync();
    }

    private async Task WriteNext()
    {
        Work? single = null;
        for (var work = _held ?? Take(); work is not null; work = Take())
        {
            _held = null;
            if (work is CommitWork commit && !_keys.Add(commit.Commit.Record.Key))
            {
                // One statement writes the batch, so a row may be in it once; its second write begins the next batch.
                _held = work;
                break;
            }

            switch (work)
            {
                case CommitWork c: _commits.Add(c); break;
                case UsageWork u: Note(u.Usage); break;
                default: single = work; break;
            }

            if (single is not null || _commits.Count + _usage.Count >= LargestBatch)
            {
                break;
            }
        }

        await WriteGroup(_commits, _usage, single);
        _commits.Clear();
        _usage.Clear();
        _keys.Clear();
    }

    private void Note(UsageUpdate usage) =>
        _usage[usage.Key] = _usage.TryGetValue(usage.Key, out var earlier) ? earlier.MergedWith(usage) : usage;

    private Work? Take() => queue.TryRead(out var work) ? work : null;

    private async Task WriteGroup(List<CommitWork> commits, Dictionary<RecordKey, UsageUpdate> updates, Work? single)
    {
        if (commits.Count > 0)
        {
            commits.Sort((a, b) => a.Commit.Record.Key.CompareTo(b.Commit.Record.Key));
            await WriteCommits(commits);
        }

        if (updates.Count > 0)
        {
            await Try(connection => database.WriteUsage(connection, serviceId, [.. updates.Values]), LogUsageLost);
        }

        switch (single)
        {
            case StatementWork statement:
                await Try(
                    async connection =>
                    {
                        await using var command = connection.Command(statement.Sql, statement.Parameters);
                        statement.Completion.TrySetResult(await command.ExecuteNonQueryAsync());
                    },
                    fault => statement.Completion.TrySetException(fault));
                break;
            case AppendWork append:
                await Try(
                    async connection => append.Completion.TrySetResult(
                        await database.Append(connection, serviceId, append.Entry)),
                    fault => append.Completion.TrySetException(fault));
                break;
            case TransactionWork transaction:
                await Try(
                    async connection => transaction.Completion.TrySetResult(
                        await WriteTogether(connection, transaction.Commits)),
                    fault => transaction.Completion.TrySetException(fault is DbException data && database.IsAboutData(data)
                        ? Refused($"what is written with {transaction.Commits[0].Record.Key}", data)
                        : fault));
                break;
        }
    }

    /// <summary>
    /// Writes all rows or none, and returns the outcome of the first that could not be written. A command that is
    /// repeated after an unknown outcome is done where all of its rows are there.
    /// </summary>
    private async Task<CommitOutcome> WriteTogether(DbConnection connection, IReadOnlyList<Commit> commits)
    {
        if (await database.WriteTogether(connection, serviceId, commits) is not { } failed)
        {
            return CommitOutcome.Done;
        }

        var outcome = await _outcomes.Of(connection, failed) ?? CommitOutcome.Conflict;
        if (outcome != CommitOutcome.Done)
        {
            return outcome;
        }

        // The transaction was rolled back: the command is done only where an earlier attempt wrote every row.
        foreach (var commit in commits)
        {
            if (await _outcomes.Of(connection, commit) != CommitOutcome.Done)
            {
                return CommitOutcome.Conflict;
            }
        }

        return CommitOutcome.Done;
    }

    private async Task WriteCommits(List<CommitWork> works)
    {
        HashSet<RecordKey>? done = null;
        StorageUnavailableException? lost = null;
        DbException? badData = null;
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            IReadOnlyList<Commit> batch = [.. works.Select(work => work.Commit)];
            done = await _connection.Retrying(connection => database.WriteBatch(connection, serviceId, batch));
        }
        catch (DbException e) when (database.IsAboutData(e))
        {
            badData = e;
        }
        catch (StorageUnavailableException e)
        {
            lost = e;
        }

        StorageTelemetry.BatchSize.Record(works.Count);
        var took = TimeProvider.System.GetElapsedTime(started);
        StorageTelemetry.BatchDuration.Record(took.TotalSeconds);
        CommitTimes.Recent.Note(took, TimeProvider.System.GetUtcNow());
        if (badData is not null && works.Count > 1)
        {
            // The batch is halved until the bad row is alone, so that one caller's data does not fail the others.
            await WriteCommits(works[..(works.Count / 2)]);
            await WriteCommits(works[(works.Count / 2)..]);
            return;
        }

        foreach (var work in works)
        {
            if (lost is not null)
            {
                work.Completion.TrySetException(lost);
            }
            else if (done?.Contains(work.Commit.Record.Key) == true)
            {
                work.Completion.TrySetResult(CommitOutcome.Done);
            }
            else
            {
                await Classify(work, badData);
            }
        }
    }

    /// <summary>Completes a caller whose row was not written with the reason.</summary>
    private async Task Classify(CommitWork work, DbException? badData)
    {
        var commit = work.Commit;
        if (badData is not null && !database.IsUniqueViolation(badData))
        {
            work.Completion.TrySetException(Refused($"{commit.Record.Key}", badData));
            return;
        }

        try
        {
            if (await _connection.Retrying(connection => _outcomes.Of(connection, commit)) is { } outcome)
            {
                work.Completion.TrySetResult(outcome);
            }
            else if (++work.Misses < WriterConnection.MostRetries)
            {
                // The row is as expected: another connection wrote its last use at the same time.
                await WriteCommits([work]);
            }
            else
            {
                work.Completion.TrySetResult(CommitOutcome.Conflict);
            }
        }
        catch (Exception e) when (e is StorageUnavailableException or DbException)
        {
            work.Completion.TrySetException(e);
        }
    }

    private static InvalidDataException Refused(string what, DbException reason) => new($"the database refused {what}", reason);

    private async Task Try(Func<DbConnection, Task> work, Action<Exception> failed)
    {
        try
        {
            await _connection.Retrying(async connection =>
            {
                await work(connection);
                return true;
            });
        }
        catch (Exception e) when (e is StorageUnavailableException or DbException)
        {
            failed(e);
        }
    }

    [LoggerMessage(1002, LogLevel.Warning, "Times of last use could not be written")]
    private partial void LogUsageLost(Exception exception);
}
