using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Secrets;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Audit;

/// <summary>
/// Changes the trail behind the service's back in every way that can be generated: every column of every row and link,
/// every row and link taken out, put in twice or moved.
/// </summary>
public sealed class AuditTamperTests : IAsyncLifetime
{
    private const int Links = 4;
    private const int RowsOfLink = 3;

    private static readonly PepperRing Ring = new(
        [new Pepper("p1", new byte[32]), new Pepper("p2", [.. Enumerable.Repeat((byte)2, 32)])]);

    private readonly FakeTimeProvider _time = new(Now);
    private readonly StorageOptions _options =
        new() { ConnectionString = StoreFactory.SqliteFile(Path.Combine(Directory.CreateTempSubdirectory("tokenactors-audit-").FullName, "db")) };

    private RecordStore? _store;
    private SqliteConnection? _connection;
    private AuditAnchor? _anchor;

    private RecordStore Store => _store ?? throw new InvalidOperationException("not open yet");

    public async Task InitializeAsync()
    {
        _store = await StoreFactory.Open(_options, "s", _time, NullLoggerFactory.Instance);
        AuditChain chain = new(_store.Links, Ring);
        for (var i = 0; i < Links; i++)
        {
            for (var row = 0; row < RowsOfLink; row++)
            {
                await _store.Append(Entry($"t{i}.{row}", 7) with
                {
                    ActorTokenId = "a",
                    ActorMemberId = "b",
                    RemoteAddress = "c",
                    UserAgent = "d",
                    Method = "GET",
                    Path = "/e",
                    Code = "200",
                    AccountId = "f",
                    IntegrationId = "g",
                });
            }

            Assert.Equal(RowsOfLink, await chain.LinkNext(Now, TimeSpan.Zero));
        }

        _connection = new SqliteConnection(_options.ConnectionString);
        await _connection.OpenAsync();
        _anchor = (await Verify()).Anchor;
        Assert.Equal(Links, _anchor?.Link);
    }

    public async Task DisposeAsync()
    {
        await (_connection?.DisposeAsync() ?? default);
        await Store.DisposeAsync();
    }

    [Fact]
    public async Task A_change_of_any_column_of_any_linked_row_is_found()
    {
        foreach (var column in await Columns("audit"))
        {
            for (var number = 1; number <= Links * RowsOfLink; number++)
            {
                foreach (var value in Others(column))
                {
                    await IsFound($"UPDATE audit SET {column} = {value} WHERE number = {number}");
                }
            }
        }
    }

    [Fact]
    public async Task A_change_of_any_column_of_any_link_is_found()
    {
        foreach (var column in await Columns("audit_links"))
        {
            for (var link = 1; link <= Links; link++)
            {
                foreach (var value in Others(column))
                {
                    // That the last link is gone can be told only by who knew it.
                    var isCutOff = link == Links && column == "service_id";
                    await IsFound(
                        $"UPDATE audit_links SET {column} = {value} WHERE link = {link}", isCutOff ? _anchor : null);
                }
            }
        }
    }

    [Fact]
    public async Task Any_row_taken_out_put_in_or_moved_is_found()
    {
        string[] free = ["-9223372036854775808", "-5", "0"];
        var columns = string.Join(", ", (await Columns("audit")).Where(column => column != "number"));
        for (var number = 1; number <= Links * RowsOfLink; number++)
        {
            await IsFound($"DELETE FROM audit WHERE number = {number}");
            foreach (var place in free)
            {
                await IsFound($"UPDATE audit SET number = {place} WHERE number = {number}");
                await IsFound($"INSERT INTO audit (number, {columns}) SELECT {place}, {columns} FROM audit WHERE number = {number}");
            }

            await IsFound($"UPDATE audit SET number = 1000 WHERE number = {number}");
            await IsFound(
                $"DELETE FROM audit WHERE number = {number}; INSERT INTO audit (number, {columns}) "
                + $"SELECT {number}, {columns} FROM audit WHERE number <> {number} LIMIT 1");
        }
    }

    [Fact]
    public async Task Any_link_taken_out_doubled_or_exchanged_is_found()
    {
        var columns = string.Join(", ", (await Columns("audit_links")).Where(column => column != "link"));
        for (var link = 1; link <= Links; link++)
        {
            await IsFound($"DELETE FROM audit_links WHERE link = {link}", link == Links ? _anchor : null);
            await IsFound($"DELETE FROM audit_links WHERE link >= {link}", _anchor);
            foreach (var place in new[] { -1, 0, Links + 1, Links + 2 })
            {
                await IsFound($"INSERT INTO audit_links (link, {columns}) SELECT {place}, {columns} FROM audit_links WHERE link = {link}");
            }

            if (link < Links)
            {
                await IsFound(
                    $"UPDATE audit_links SET link = 99 WHERE link = {link}; UPDATE audit_links SET link = {link} WHERE link = {link + 1}; "
                    + $"UPDATE audit_links SET link = {link + 1} WHERE link = 99");
            }
        }
    }

    /// <summary>A row before a link's first one, in a number that a rolled back insert left free.</summary>
    [Fact]
    public async Task A_row_put_into_a_free_number_with_the_range_moved_over_it_is_found()
    {
        await Store.Append(Entry("gone", 1));
        await Run($"DELETE FROM audit WHERE number = {(Links * RowsOfLink) + 1}");
        await Store.Append(Entry("after", 1));
        Assert.Equal(1, await new AuditChain(Store.Links, Ring).LinkNext(Now, TimeSpan.Zero));
        Assert.Null((await Verify()).Broken);
        var columns = string.Join(", ", (await Columns("audit")).Where(column => column != "number"));
        var (free, link) = ((Links * RowsOfLink) + 1, Links + 1);
        await IsFound(
            $"INSERT INTO audit (number, {columns}) SELECT {free}, {columns} FROM audit WHERE number = 1; "
            + $"UPDATE audit_links SET first_number = {free + 1} WHERE link = {link}");
    }

    [Fact]
    public async Task A_row_dated_ahead_of_the_clock_is_linked_with_those_after_it_and_named()
    {
        AuditChain chain = new(Store.Links, Ring);
        var minute = TimeSpan.FromMinutes(1);
        await Store.Append(Entry("ahead", 1) with { At = Now.AddYears(50) });
        await Store.Append(Entry("after", 1));
        Assert.Equal(0, await chain.LinkNext(Now, minute));
        Assert.Equal(0, await chain.LinkNext(Now.AddSeconds(59), minute));
        Assert.Equal(2, await chain.LinkNext(Now + minute, minute));
        var verdict = await Verify();
        Assert.Null(verdict.Broken);
        Assert.Equal(((Links * RowsOfLink) + 1, Now.AddYears(50)), Assert.Single(verdict.Ahead));
    }

    /// <summary>Reading it failed, so that nothing was linked any more.</summary>
    [Fact]
    public async Task A_row_with_a_time_that_no_calendar_has_is_linked_with_those_after_it_and_named()
    {
        AuditChain chain = new(Store.Links, Ring);
        var minute = TimeSpan.FromMinutes(1);
        await Store.Append(Entry("ahead", 1));
        await Run($"UPDATE audit SET at = 9000000000000000000 WHERE number = {(Links * RowsOfLink) + 1}");
        await Store.Append(Entry("after", 1));
        Assert.Equal(0, await chain.LinkNext(Now, minute));
        Assert.Equal(2, await chain.LinkNext(Now + minute, minute));
        var verdict = await Verify();
        Assert.Null(verdict.Broken);
        Assert.Equal((Links * RowsOfLink) + 1, Assert.Single(verdict.Ahead).Number);
        Assert.Single(await Store.AuditOf("ahead"));
    }

    [Fact]
    public async Task Links_of_the_first_release_verify_unchanged_and_a_chain_goes_on_after_them()
    {
        await Run("DELETE FROM audit_links");
        await FirstForm.Link(Store, Ring, Links);
        var verdict = await Verify();
        Assert.Equal((null, 4L, 12L), (verdict.Broken, verdict.Links, verdict.Rows));
        await Store.Append(Entry("new", 1));
        Assert.Equal(1, await new AuditChain(Store.Links, Ring).LinkNext(Now, TimeSpan.Zero));
        Assert.Null((await Verify()).Broken);
        await IsFound("UPDATE audit_links SET first_number = first_number + 1 WHERE link = 2");
        await IsFound("UPDATE audit_links SET last_number = last_number + 1 WHERE link = 2");
        await IsFound("UPDATE audit_links SET pepper_id = 'p2' WHERE link = 2");
        await IsFound("UPDATE audit_links SET pepper_id = 'p9' WHERE link = 2");
        await IsFound("DELETE FROM audit_links WHERE link = 2");
    }

    [Fact]
    public async Task A_chain_is_verified_from_an_anchor_on_and_gives_the_next()
    {
        await Store.Append(Entry("new", 1));
        await new AuditChain(Store.Links, Ring).LinkNext(Now, TimeSpan.Zero);
        var verdict = await Verify(_anchor);
        Assert.Equal((null, 1L, 1L), (verdict.Broken, verdict.Links, verdict.Rows));
        Assert.Equal(Links + 1, verdict.Anchor?.Link);
        Assert.True(AuditAnchor.TryParse($"{verdict.Anchor}", out var next));
        Assert.Equal(next, (await Verify(next)).Anchor);
        Assert.False(AuditAnchor.TryParse("5", out _));
        Assert.False(AuditAnchor.TryParse("0:ab", out _));
    }

    /// <summary>Whoever names a pepper says that it is lost; what cannot be checked then is counted, and all else is
    /// checked.</summary>
    [Fact]
    public async Task Links_under_a_pepper_that_the_ring_lacks_are_a_failure_unless_it_is_named()
    {
        PepperRing other = new([new Pepper("p2", [.. Enumerable.Repeat((byte)2, 32)])]);
        await Store.Append(Entry("new", 1));
        await new AuditChain(Store.Links, other).LinkNext(Now, TimeSpan.Zero);
        async Task<AuditVerdict> Named(params string[] lost) =>
            await new AuditVerifier(Store.Links, other, _time).Verify(null, lost.ToHashSet());
        Assert.Contains("was made under pepper 'p1', which the ring lacks", (await Named()).Broken);
        Assert.Contains("was made under pepper 'p1', which the ring lacks", (await Named("p9")).Broken);
        var verdict = await Named("p1", "p9");
        Assert.Equal((null, Links, Links + 1), (verdict.Broken, verdict.Unverified, verdict.Links));
        Assert.Equal(Links + 1, verdict.Anchor?.Link);

        // Its rows must be there, and those under the ring's own peppers as they were.
        await Run("UPDATE audit SET actor_member_id = 'x' WHERE number = (SELECT MAX(number) FROM audit)");
        Assert.NotNull((await Named("p1")).Broken);
    }

    [Fact]
    public async Task A_long_verification_says_how_far_it_is_and_that_it_is_still_whole()
    {
        AuditChain chain = new(Store.Links, Ring);
        for (var i = 0; i < 40; i++)
        {
            await Store.Append(Entry($"more{i}", 1));
            Assert.Equal(1, await chain.LinkNext(Now, TimeSpan.Zero));
        }

        List<(long Rows, long Links)> said = [];
        var verdict = await new AuditVerifier(Store.Links, Ring, _time).Verify(
            null, new HashSet<string>(), (rows, links) => said.Add((rows, links)));
        Assert.Null(verdict.Broken);
        Assert.True(said.Count >= 3, $"{said.Count} times");
        Assert.Equal(said.Order().Distinct(), said);
        Assert.Equal((verdict.Rows, verdict.Links), said[^1]);

        said.Clear();
        await Run("UPDATE audit SET actor_member_id = 'x' WHERE number = (SELECT MAX(number) FROM audit)");
        Assert.NotNull((await new AuditVerifier(Store.Links, Ring, _time).Verify(null, new HashSet<string>(), (rows, links) => said.Add((rows, links)))).Broken);
        Assert.All(said, so => Assert.True(so.Links < verdict.Links));
    }

    /// <summary>Other values of a column: none that it has in any row of these tests.</summary>
    private static string[] Others(string column) => column switch
    {
        "number" or "link" => ["1000", "-1"],
        "row_codes" => ["zeroblob(24)", "zeroblob(0)", "row_codes || x'00'"],
        "code" => ["zeroblob(32)", "zeroblob(33)", "zeroblob(0)"],
        "pepper_id" => ["'p2'", "'p9'"],
        "first_number" or "last_number" => [$"{column} + 1", $"{column} - 1", "0"],
        "at" => ["at + 1", "9000000000000000000", "-9000000000000000000"],
        "subject_version" => ["subject_version + 1"],
        "service_id" => ["'other'"],
        _ => [$"{column} || 'x'", $"UPPER({column}) || ' '", "''"],
    };

    private async Task<List<string>> Columns(string table)
    {
        await using var command = Connection().CreateCommand();
        command.CommandText = $"SELECT * FROM {table} LIMIT 0";
        await using var reader = await command.ExecuteReaderAsync();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
    }

    /// <summary>Changes the trail, expects that it is found out, and puts the trail back.</summary>
    private async Task IsFound(string sql, AuditAnchor? since = null)
    {
        await Run("CREATE TABLE kept AS SELECT * FROM audit; CREATE TABLE kept_links AS SELECT * FROM audit_links");
        await Run(sql);
        var verdict = await Verify(since);
        await Run(
            "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; DROP TABLE kept; "
            + "DELETE FROM audit_links; INSERT INTO audit_links SELECT * FROM kept_links; DROP TABLE kept_links");
        Assert.True(verdict.Broken is not null, sql);
        Assert.Null(verdict.Anchor);
    }

    private Task<AuditVerdict> Verify(AuditAnchor? since = null) =>
        new AuditVerifier(Store.Links, Ring, _time).Verify(since, new HashSet<string>());

    private async Task Run(string sql)
    {
        await using var command = Connection().CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private SqliteConnection Connection() => _connection ?? throw new InvalidOperationException("not open yet");
}
