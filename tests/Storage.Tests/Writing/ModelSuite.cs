using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Tests.Writing;

/// <summary>
/// Histories of commits against a model: each comes to what the contract says, is foreseen, leaves one audit row where
/// it is written and none where it is not.
/// </summary>
public abstract class ModelSuite
{
    private static readonly Gen<HistoryStep> Step = Gen.Select(
        Gen.Frequency(
            (5, Gen.Const(RowCommand.Create)), (3, Gen.Const(RowCommand.Update)), (3, Gen.Const(RowCommand.Rename)),
            (2, Gen.Const(RowCommand.Delete)), (1, Gen.Const(RowCommand.Purge)), (2, Gen.Const(RowCommand.Repeat))),
        Gen.Int[0, 3], Gen.Frequency((8, Gen.Const(0)), (1, Gen.Const(1)), (1, Gen.Const(-1))), Gen.Int[0, 2],
        Gen.Int[-3, 3],
        (command, row, off, name, parent) => new HistoryStep(command, row, off, name, parent));

    protected abstract StorageOptions NewDatabase();

    protected virtual int Histories => 120;

    public virtual async Task A_history_of_commits_comes_to_what_the_contract_says()
    {
        await using var store = await StoreFactory.Open(
            NewDatabase(), "s", TimeProvider.System, NullLoggerFactory.Instance);
        var number = 0;
        var outcomes = new System.Collections.Concurrent.ConcurrentDictionary<CommitOutcome, int>();
        Step.Array[1, 14].HoldsForAll(
            Histories,
            steps => Run(store, new HistoryModel($"h{Interlocked.Increment(ref number)}"), steps, outcomes).GetAwaiter().GetResult(),
            steps => string.Join('\n', steps.Select(step => step.ToString())));

        // Or the histories would show nothing.
        Assert.All(
            (CommitOutcome[])[CommitOutcome.Done, CommitOutcome.Conflict, CommitOutcome.NameTaken, CommitOutcome.ParentGone],
            outcome => Assert.True(
                outcomes.GetValueOrDefault(outcome) > 5, $"{outcome}: {outcomes.GetValueOrDefault(outcome)}"));
    }

    private static async Task Run(
        RecordStore store, HistoryModel model, HistoryStep[] steps,
        System.Collections.Concurrent.ConcurrentDictionary<CommitOutcome, int> seen)
    {
        foreach (var step in steps)
        {
            if (model.CommitOf(step) is not { } commit)
            {
                continue;
            }

            var foreseen = await store.Foresee([commit]);
            var outcome = await store.Commit(commit);
            var (expected, isWritten) = model.Apply(commit);
            Assert.True(
                expected.Contains(outcome), $"{step} came to {outcome} and not {string.Join(" or ", expected)}");
            if (isWritten || outcome != CommitOutcome.Done)
            {
                Assert.True(
                    expected.Contains(foreseen) || (commit.Record.Version > 1 && foreseen == CommitOutcome.Conflict && outcome == CommitOutcome.Conflict),
                    $"{step} was foreseen as {foreseen} and came to {outcome}");
            }

            seen.AddOrUpdate(outcome, 1, (_, count) => count + 1);
        }

        await Compare(store, model);
    }

    private static async Task Compare(RecordStore store, HistoryModel model)
    {
        for (var row = 0; row < 4; row++)
        {
            var id = model.IdOf(row);
            var stored = await store.Read(Rows.Key(id));
            Assert.Equal(model.Live.GetValueOrDefault(id), stored);
            Assert.Equal(model.Written.GetValueOrDefault(id), (await store.AuditOf(id)).Count);
        }

        RecordScope scope = new("token", model.Organization);
        for (var name = 0; name < 3; name++)
        {
            var bearer = model.Live.Values.SingleOrDefault(
                one => one.NameKey == HistoryModel.NameOf(name).ToLowerInvariant());
            Assert.Equal(
                bearer?.Key, (await store.FindByName(scope, HistoryModel.NameOf(name).ToUpperInvariant()))?.Key);
        }

        Assert.Equal(model.Live.Values.Count(one => one.NameKey is not null), await store.Count(scope));
        Assert.Equal(
            model.Live.Values.Where(one => one.Status == StoredRecord.Live).Select(one => one.Key.Id).Order(StringComparer.Ordinal),
            (await store.OfKind("token", model.Organization)).Select(one => one.Key.Id).Order(StringComparer.Ordinal));
    }
}

/// <summary>The suite on SQLite.</summary>
public sealed class SqliteModelTests : ModelSuite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-model-").FullName;

    protected override StorageOptions NewDatabase() =>
        new() { ConnectionString = StoreFactory.SqliteFile(Path.Combine(_folder, Guid.NewGuid().ToString("N"))) };

    [Fact]
    public override Task A_history_of_commits_comes_to_what_the_contract_says() =>
        base.A_history_of_commits_comes_to_what_the_contract_says();
}

/// <summary>The suite on PostgreSQL.</summary>
public sealed class PostgreSqlModelTests : ModelSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = PostgreSqlServer.NewDatabase() };

    [PostgreSqlFact]
    public override Task A_history_of_commits_comes_to_what_the_contract_says() =>
        base.A_history_of_commits_comes_to_what_the_contract_says();
}

/// <summary>The suite on SQL Server.</summary>
public sealed class SqlServerModelTests : ModelSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.SqlServer, ConnectionString = SqlServerFactAttribute.NewDatabase() };

    [SqlServerFact]
    public override Task A_history_of_commits_comes_to_what_the_contract_says() =>
        base.A_history_of_commits_comes_to_what_the_contract_says();
}
