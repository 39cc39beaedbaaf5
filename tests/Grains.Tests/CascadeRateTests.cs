using System.Diagnostics;
using System.Diagnostics.Metrics;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Storage.Records;
using Xunit.Abstractions;

namespace TokenActors.Grains.Tests;

/// <summary>
/// How fast tokens go with their parent. What makes it fast is held: rows are written in large groups, and not one by
/// one. Bounds of times are wide, since other programs share the machine; the output has the figures.
/// </summary>
public sealed class CascadeRateTests(ITestOutputHelper output)
{
    private const int Children = 2_500;

    /// <summary>A second, on a machine that is busy: one by one there were ten, and an idle one writes
    /// thousands.</summary>
    private const int FewestRows = 200;

    /// <summary>Groups of so many rows are written by nothing else that runs here meanwhile.</summary>
    private const int LargeGroup = 32;

    [Fact]
    public Task On_sqlite_2500_tokens_are_gone_with_the_answer_to_their_parents_delete() => Run(new SiloFixture());

    [PostgreSqlFact]
    public Task On_postgresql_2500_tokens_are_gone_with_the_answer_to_their_parents_delete() =>
        Run(new SiloFixture { PostgreSql = PostgreSqlServer.NewDatabase() });

    private async Task Run(SiloFixture silo)
    {
        await silo.InitializeAsync();
        try
        {
            var parent = await silo.NewToken();
            var caller = await silo.CallerOf(parent);
            await Task.WhenAll(Enumerable.Range(0, Children).Select(i => Issue(silo, caller, $"child-{i}")));

            // The children are then in nobody's memory, as most of them are.
            await silo.RestartAsync();
            using var groups = new LargeGroups();
            var started = Stopwatch.GetTimestamp();
            await Delete(silo, parent.Id);
            var answered = Stopwatch.GetElapsedTime(started);
            var left = await silo.Store.Children("token", [parent.Id.ToString()], Children);
            output.WriteLine($"answered after {answered.TotalMilliseconds:F0} ms with {left.Count} of {Children} live");
            Assert.True(
                left.Count == 0 || answered > TimeSpan.FromSeconds(2), $"{left.Count} live ones after {answered}");
            Assert.InRange((Children - left.Count) / answered.TotalSeconds, FewestRows, double.PositiveInfinity);
            Assert.True(
                groups.Rows >= 0.8 * (Children - left.Count), $"{groups.Rows} of {Children - left.Count} rows were written in large groups");
            await Eventually.Holds(() => Ended(silo, parent.Id), "the cascade ends");
            var ended = Stopwatch.GetElapsedTime(started);
            output.WriteLine(
                $"ended after {ended.TotalMilliseconds:F0} ms: {Children / ended.TotalSeconds:F0} rows/s");
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    /// <summary>Counts the rows that are written together with many others.</summary>
    private sealed class LargeGroups : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _rows;

        public LargeGroups()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "tokenactors.commit.batch.size")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<int>(
                (_, size, _, _) => Interlocked.Add(ref _rows, size >= LargeGroup ? size : 0));
            _listener.Start();
        }

        public long Rows => Interlocked.Read(ref _rows);

        public void Dispose() => _listener.Dispose();
    }

    /// <summary>Repeats the command as a gateway does, for a machine on which a cold silo takes longer than a call
    /// may.</summary>
    private static async Task Delete(SiloFixture silo, TokenId parent)
    {
        var change = SiloFixture.Change();
        await Eventually.Holds(
            async () =>
            {
                try
                {
                    return (await silo.Token(parent).Delete(change)).Refusal is null;
                }
                catch (TimeoutException)
                {
                    return false;
                }
            },
            "the delete is answered");
    }

    /// <summary>What a machine that is busy does not do in time is left to the reminder, which ticks here.</summary>
    private static async Task<bool> Ended(SiloFixture silo, TokenId parent)
    {
        if ((await silo.Store.Read(new("token", parent.ToString())))?.Status == StoredRecord.Deleted)
        {
            return true;
        }

        await silo.Token(parent).FinishDelete().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return false;
    }

    private static async Task Issue(SiloFixture silo, Caller caller, string name)
    {
        var id = SecretMint.NewTokenId(silo.Clock);
        var answer = await silo.Grains.GetGrain<ITokenIssuerGrain>("0").Issue(id, new IssueToken
        {
            Context = SiloFixture.Command(caller),
            Profile = TokenProfile.Organization.Name,
            OrganizationId = caller.OrganizationId,
            MemberId = caller.MemberId,
            PermissionSet = PermissionSets.Administrator,
            Resources = caller.Grant.Clauses[0].Resources,
            Name = name,
            Secrets = SecretMint.Mint(TokenProfile.Organization, id).ToMinted(),
        });
        Assert.Null(answer.Refusal);
    }
}
