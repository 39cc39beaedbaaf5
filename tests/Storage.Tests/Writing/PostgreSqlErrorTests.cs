using Microsoft.Extensions.Logging;
using Npgsql;
using TokenActors.Storage.Databases;
using TokenActors.Storage.PostgreSql;
using TokenActors.Storage.Writing;
using PostgreSqlServer = TokenActors.Testing.PostgreSqlServer;

namespace TokenActors.Storage.Tests.Writing;

/// <summary>What PostgreSQL's errors mean for the state of the store.</summary>
public sealed class PostgreSqlErrorTests
{
    private const int Refused = 1006;

    [Theory]
    [InlineData("53100", true)] // disk full
    [InlineData("53200", true)] // out of memory
    [InlineData("53300", true)] // too many connections
    [InlineData("25006", true)] // read-only transaction
    [InlineData("58030", true)] // input or output failed
    [InlineData("57014", true)] // canceled: it took too long
    [InlineData("57P01", true)] // the server is shut down
    [InlineData("57P03", true)] // it starts
    [InlineData("08006", true)] // the connection broke
    [InlineData("55P03", true)] // another holds the lock
    [InlineData("25P02", false)] // the transaction failed before
    [InlineData("42601", false)] // wrong syntax
    [InlineData("23505", false)] // a key is taken
    [InlineData("22001", false)] // a text is too long
    public async Task A_full_disk_and_its_like_are_outages_and_wrong_statements_are_not(string code, bool isOutage)
    {
        await using PostgreSqlDatabase database = new("Host=x");
        Assert.Equal(isOutage, database.IsOutage(new PostgresException("x", "ERROR", "ERROR", code)));
    }

    [PostgreSqlFact]
    public async Task After_a_full_disk_the_store_is_away_until_a_new_session_can_write()
    {
        await using PostgreSqlDatabase database = new(PostgreSqlServer.NewDatabase());
        await Migrator.Migrate(database, TimeProvider.System);
        using LogBook log = new();
        await using StoreHealth health = new(database, "s", log);
        health.Fault(Of(PostgresErrorCodes.DiskFull), health.Generation);
        Assert.False(health.IsWritable);
        Assert.Contains("it is so", Assert.Single(log.Entries, entry => entry.Level == LogLevel.Error).Text);
        await Eventually.Holds(
            () => health.IsWritable, "the probe finds that it can be written", TimeSpan.FromSeconds(20));

        // What a session of before is found to be says nothing of now, nor does a wrong statement.
        health.Fault(Of(PostgresErrorCodes.DiskFull), health.Generation - 1);
        Assert.True(health.IsWritable);
        health.Fault(Of(PostgresErrorCodes.SyntaxError), health.Generation);
        Assert.True(health.IsWritable);
        Assert.Equal(Refused, log.Entries.Last(entry => entry.Level == LogLevel.Error).Event);
    }

    /// <summary>A session that the fault found is not used again: it would stay as the fault left it.</summary>
    [PostgreSqlFact]
    public async Task After_a_full_disk_no_session_of_before_is_used()
    {
        await using PostgreSqlDatabase database = new(PostgreSqlServer.NewDatabase());
        await Migrator.Migrate(database, TimeProvider.System);
        await using StoreHealth health = new(database, "s", new LogBook());
        var before = await Session();
        Assert.Equal(before, await Session());
        health.Fault(Of(PostgresErrorCodes.DiskFull), health.Generation);
        Assert.NotEqual(before, await Session());

        async Task<object?> Session()
        {
            await using var connection = await database.OpenKeyed();
            await using var command = connection.Command("SELECT pg_backend_pid()");
            return await command.ExecuteScalarAsync();
        }
    }

    private static PostgresException Of(string code) => new("it is so", "ERROR", "ERROR", code);
}
