using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Writing;

/// <summary>
/// Group commit: callers enqueue their writes, and a writer sends all that are waiting as one group and gives each
/// caller its own outcome. Under load a transaction carries tens of rows instead of one; without load a write is sent
/// at once. Where the database has several writers, the second is woken only when many writes wait for the first: a few
/// cost less in one larger group.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private const int SecondWriterThreshold = 16;

    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(16_384);
    private readonly Channel<bool> _calls =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task _writers;

    public GroupCommit(Database database, string serviceId, StoreHealth health, ILogger logger)
    {
        GroupWriter Writer() => new(database, serviceId, _queue.Reader, health, logger);
        var further = Enumerable.Range(1, database.Writers - 1)
            .Select(_ => Task.Run(() => Writer().RunWhenCalled(_calls.Reader)));
        _writers = Task.WhenAll([Task.Run(Writer().Run), .. further]);
    }

    public Task<CommitOutcome> Commit(Commit commit)
    {
        var work = new CommitWork(commit);
        return Traced(commit.Record.Key.Kind, work, work.Completion.Task);
    }

    /// <summary>Writes several rows as one transaction, which a writer runs after its group.</summary>
    public Task<CommitOutcome> CommitAll(IReadOnlyList<Commit> commits)
    {
        var work = new TransactionWork(commits);
        return Traced(commits[0].Record.Key.Kind, work, work.Completion.Task);
    }

    /// <summary>Executes one statement, which a writer runs after its group.</summary>
    public async Task<int> Execute(string sql, params (string Name, object? Value)[] parameters)
    {
        var work = new StatementWork(sql, parameters);
        await Enqueue(work);
        return await work.Completion.Task;
    }

    /// <summary>Writes an audit row and its event as one transaction, which a writer runs after its group.</summary>
    public async Task Append(AuditEntry entry)
    {
        var work = new AppendWork(entry);
        await Enqueue(work);
        await work.Completion.Task;
    }

    /// <summary>
    /// Returns false where the queue is full: times of last use may be late, but no caller waits for one.
    /// </summary>
    public bool TryNoteUsage(UsageUpdate usage) => _queue.Writer.TryWrite(new UsageWork(usage));

    public async Task NoteUsage(UsageUpdate usage) => await Enqueue(new UsageWork(usage));

    /// <summary>Writes what is queued, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _calls.Writer.TryComplete();
        await _writers;
    }

    /// <summary>Enqueues a write and awaits its outcome, in a span of the caller.</summary>
    private async Task<CommitOutcome> Traced(string kind, Work work, Task<CommitOutcome> completion)
    {
        using var activity = StorageTelemetry.Source.StartActivity("commit");
        await Enqueue(work);
        var outcome = await completion;
        activity?.SetTag("tokenactors.kind", kind).SetTag("tokenactors.outcome", outcome.ToString());
        return outcome;
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

/// <summary>A queued write.</summary>
internal abstract record Work;

internal sealed record CommitWork(Commit Commit) : Work
{
    public TaskCompletionSource<CommitOutcome> Completion { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How often it was not written although its row was at the expected version.</summary>
    public int Misses { get; set; }
}

internal sealed record TransactionWork(IReadOnlyList<Commit> Commits) : Work
{
    public TaskCompletionSource<CommitOutcome> Completion { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}

internal sealed record UsageWork(UsageUpdate Usage) : Work;

internal sealed record AppendWork(AuditEntry Entry) : Work
{
    public TaskCompletionSource<int> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

internal sealed record StatementWork(string Sql, (string Name, object? Value)[] Parameters) : Work
{
    public TaskCompletionSource<int> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
