using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Writing;

/// <summary>
/// Writes queue here; a writer takes what is waiting, sends it as one group, and completes each caller with its own outcome. Under load the
/// database sees tens of rows a transaction instead of one; without load a write goes at once. Where the database takes several writers, a
/// second one is called when many wait while the first is busy; few are better off in one larger group.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private const int SecondWriterThreshold = 16;

    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(16_384);
    private readonly Channel<bool> _calls = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task _writers;

    public GroupCommit(Database database, string serviceId, ILogger logger)
    {
        GroupWriter Writer() => new(database, serviceId, _queue.Reader, logger);
        _writers = Task.WhenAll(
            [Task.Run(Writer().Run), .. Enumerable.Range(1, database.Writers - 1).Select(_ => Task.Run(() => Writer().RunWhenCalled(_calls.Reader)))]);
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

    /// <summary>Writes several rows in a transaction of their own on a writer's connection, after a group.</summary>
    public async Task<CommitOutcome> CommitAll(IReadOnlyList<Commit> commits)
    {
        using var activity = StorageTelemetry.Source.StartActivity("commit");
        var work = new TransactionWork(commits);
        await Enqueue(work);
        var outcome = await work.Completion.Task;
        activity?.SetTag("tokenactors.kind", commits[0].Record.Key.Kind).SetTag("tokenactors.outcome", outcome.ToString());
        return outcome;
    }

    /// <summary>Runs one statement of its own on a writer's connection, after a group.</summary>
    public async Task<int> Execute(string sql, params (string Name, object? Value)[] parameters)
    {
        var work = new StatementWork(sql, parameters);
        await Enqueue(work);
        return await work.Completion.Task;
    }

    /// <summary>False where the queue is full: last use may be late, but never makes a caller wait.</summary>
    public bool TryNoteUsage(UsageUpdate usage) => _queue.Writer.TryWrite(new UsageWork(usage));

    public async Task NoteUsage(UsageUpdate usage) => await Enqueue(new UsageWork(usage));

    /// <summary>Writes what is queued, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _calls.Writer.TryComplete();
        await _writers;
    }

    private async Task Enqueue(Work work)
    {
        try
        {
            await _queue.Writer.WriteAsync(work);
            if (_queue.Reader.Count >= SecondWriterThreshold)
            {
                _calls.Writer.TryWrite(true);
            }
        }
        catch (ChannelClosedException e)
        {
            throw new StorageUnavailableException("the store is closed", e);
        }
    }
}

/// <summary>What waits to be written.</summary>
internal abstract record Work;

internal sealed record CommitWork(Commit Commit) : Work
{
    public TaskCompletionSource<CommitOutcome> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How often it found its row, but not at its place.</summary>
    public int Misses { get; set; }
}

internal sealed record TransactionWork(IReadOnlyList<Commit> Commits) : Work
{
    public TaskCompletionSource<CommitOutcome> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

internal sealed record UsageWork(UsageUpdate Usage) : Work;

internal sealed record StatementWork(string Sql, (string Name, object? Value)[] Parameters) : Work
{
    public TaskCompletionSource<int> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
