using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.Records;

/// <summary>
/// Writes queue here; one writer takes what is waiting, sends it as one group, and completes each caller with its own outcome. Under
/// load the database sees a few hundred rows a transaction instead of one; without load a write goes at once.
/// </summary>
internal sealed partial class GroupCommit : IAsyncDisposable
{
    private const int LargestBatch = 256;
    private const int MostRetries = 5;

    private readonly Database _database;
    private readonly string _serviceId;
    private readonly ILogger _logger;
    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(16_384) { SingleReader = true });
    private readonly Task _writer;
    private DbConnection? _connection;

    public GroupCommit(Database database, string serviceId, ILogger logger)
    {
        _database = database;
        _serviceId = serviceId;
        _logger = logger;
        _writer = Task.Run(Write);
    }

    public async Task<CommitOutcome> Commit(Commit commit)
    {
        using var activity = StorageTelemetry.Source.StartActivity("commit");
        var work = new CommitWork(commit);
        await Enqueue(work);
        var outcome = await work.Completion.Task;
        activity?.SetTag("tokenactors.kind", commit.Record.Key.Kind).SetTag("tokenactors.outcome", outcome.ToString());
        return outcome;
    }

    /// <summary>Runs one statement of its own on the writer's connection, in turn with the batches.</summary>
    public async Task<int> Execute(string sql, params (string Name, object? Value)[] parameters)
    {
        var work = new StatementWork(sql, parameters);
        await Enqueue(work);
        return await work.Completion.Task;
    }

    /// <summary>False where the queue is full: last use may be late, but never makes a caller wait.</summary>
    public bool TryTouch(Touch touch) => _queue.Writer.TryWrite(new TouchWork(touch));

    public async Task Touch(Touch touch) => await Enqueue(new TouchWork(touch));

    /// <summary>Writes what is queued, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writer;
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private async Task Enqueue(Work work)
    {
        try
        {
            await _queue.Writer.WriteAsync(work);
        }
        catch (ChannelClosedException e)
        {
            throw new StorageUnavailableException("the store is closed", e);
        }
    }

    private async Task Write()
    {
        List<CommitWork> commits = [];
        Dictionary<RecordKey, Touch> touches = [];
        HashSet<RecordKey> keys = [];
        Work? held = null;
        while (held is not null || await _queue.Reader.WaitToReadAsync())
        {
            StatementWork? statement = null;
            for (var work = held ?? Take(); work is not null; work = Take())
            {
                held = null;
                if (work is CommitWork commit && !keys.Add(commit.Commit.Record.Key))
                {
                    // A batch holds each row once; the second write of one row waits for the next.
                    held = work;
                    break;
                }

                switch (work)
                {
                    case CommitWork c: commits.Add(c); break;
                    case TouchWork t: Merge(touches, t.Touch); break;
                    case StatementWork s: statement = s; break;
                }

                if (statement is not null || commits.Count + touches.Count >= LargestBatch)
                {
                    break;
                }
            }

            await WriteGroup(commits, touches, statement);
            commits.Clear();
            touches.Clear();
            keys.Clear();
        }
    }

    private Work? Take() => _queue.Reader.TryRead(out var work) ? work : null;

    private static void Merge(Dictionary<RecordKey, Touch> touches, Touch touch)
    {
        if (!touches.TryGetValue(touch.Key, out var earlier))
        {
            touches[touch.Key] = touch;
            return;
        }

        // First presentation and erasure are about a version; last use is about none.
        var newer = touch.Version >= earlier.Version ? touch : earlier;
        var same = touch.Version == earlier.Version;
        touches[touch.Key] = newer with
        {
            LastUsedAt = touch.LastUsedAt > earlier.LastUsedAt ? touch.LastUsedAt : earlier.LastUsedAt,
            FirstPresentedAt = same ? earlier.FirstPresentedAt ?? touch.FirstPresentedAt : newer.FirstPresentedAt,
            EraseSealed = same ? earlier.EraseSealed || touch.EraseSealed : newer.EraseSealed,
        };
    }

    private async Task WriteGroup(List<CommitWork> commits, Dictionary<RecordKey, Touch> touches, StatementWork? statement)
    {
        if (commits.Count > 0)
        {
            commits.Sort((a, b) => a.Commit.Record.Key.CompareTo(b.Commit.Record.Key));
            await WriteCommits(commits);
        }

        if (touches.Count > 0)
        {
            await Try(connection => _database.WriteTouches(connection, _serviceId, [.. touches.Values]), LogTouchesLost);
        }

        if (statement is not null)
        {
            await Try(
                async connection =>
                {
                    await using var command = connection.Command(statement.Sql, statement.Parameters);
                    statement.Completion.TrySetResult(await command.ExecuteNonQueryAsync());
                },
                fault => statement.Completion.TrySetException(fault));
        }
    }

    private async Task WriteCommits(List<CommitWork> works)
    {
        HashSet<RecordKey>? done = null;
        StorageUnavailableException? lost = null;
        DbException? badData = null;
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            done = await Retrying(connection => _database.WriteBatch(connection, _serviceId, [.. works.Select(work => work.Commit)]));
        }
        catch (DbException e) when (_database.IsAboutData(e))
        {
            badData = e;
        }
        catch (StorageUnavailableException e)
        {
            lost = e;
        }

        StorageTelemetry.BatchSize.Record(works.Count);
        StorageTelemetry.BatchDuration.Record(TimeProvider.System.GetElapsedTime(started).TotalSeconds);
        if (badData is not null && works.Count > 1)
        {
            // Halved until the bad row is alone, so that one caller's data fails no one else.
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

    /// <summary>Finds out why a row was not written.</summary>
    private async Task Classify(CommitWork work, DbException? badData)
    {
        var commit = work.Commit;
        if (badData is not null && !_database.IsUniqueViolation(badData))
        {
            work.Completion.TrySetException(new InvalidDataException($"the database refused {commit.Record.Key}", badData));
            return;
        }

        try
        {
            work.Completion.TrySetResult(await Retrying(connection => OutcomeOf(connection, commit)));
        }
        catch (Exception e) when (e is StorageUnavailableException or DbException)
        {
            work.Completion.TrySetException(e);
        }
    }

    private async Task<CommitOutcome> OutcomeOf(DbConnection connection, Commit commit)
    {
        var record = commit.Record;
        await using var outcome = connection.Command(
            _database.Sql["outcome"], ("service", _serviceId), ("kind", record.Key.Kind), ("id", record.Key.Id));
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
                _database.Sql["name_taken"],
                ("service", _serviceId), ("organization", record.OrganizationId), ("kind", record.Key.Kind), ("name", name), ("id", record.Key.Id));
            if (await taken.ExecuteScalarAsync() is not null)
            {
                return CommitOutcome.NameTaken;
            }
        }

        return commit.LiveParents.Count > 0 && !await AllLive(connection, commit.LiveParents) ? CommitOutcome.ParentGone : CommitOutcome.Conflict;
    }

    private async Task<bool> AllLive(DbConnection connection, IReadOnlyList<RecordKey> parents)
    {
        foreach (var parent in parents)
        {
            await using var live = connection.Command(
                _database.Sql["live"], ("service", _serviceId), ("kind", parent.Kind), ("id", parent.Id));
            if ((await live.ReadAll(row => row.GetString(0))).Count == 0)
            {
                return false;
            }
        }

        return true;
    }

    private async Task Try(Func<DbConnection, Task> work, Action<Exception> failed)
    {
        try
        {
            await Retrying(async connection =>
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

    /// <summary>
    /// Tries again what a deadlock or a serialization failure undid. Errors about data are the caller's; after any other the connection
    /// is dropped and the outcome unknown.
    /// </summary>
    private async Task<T> Retrying<T>(Func<DbConnection, Task<T>> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work(_connection ??= await _database.Open());
            }
            catch (DbException e) when (_database.IsTransient(e) && attempt < MostRetries)
            {
                LogRetry(attempt, e.SqlState);
            }
            catch (Exception e) when (e is not DbException db || !_database.IsAboutData(db))
            {
                await DropConnection();
                StorageTelemetry.Unavailable.Add(1);
                throw new StorageUnavailableException("the database did not answer", e);
            }
        }
    }

    private async Task DropConnection()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            try
            {
                await connection.DisposeAsync();
            }
            catch (DbException e)
            {
                LogDrop(e);
            }
        }
    }

    [LoggerMessage(1001, LogLevel.Information, "Write attempt {Attempt} was undone by the database ({SqlState}); trying again")]
    private partial void LogRetry(int attempt, string? sqlState);

    [LoggerMessage(1002, LogLevel.Warning, "Times of last use could not be written")]
    private partial void LogTouchesLost(Exception exception);

    [LoggerMessage(1003, LogLevel.Debug, "A broken connection did not close")]
    private partial void LogDrop(Exception exception);

    private abstract record Work;

    private sealed record CommitWork(Commit Commit) : Work
    {
        public TaskCompletionSource<CommitOutcome> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record TouchWork(Touch Touch) : Work;

    private sealed record StatementWork(string Sql, (string Name, object? Value)[] Parameters) : Work
    {
        public TaskCompletionSource<int> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
