using Npgsql;
using TokenActors.Grains.Abstractions.Usage;

namespace TokenActors.Grains.Tests.Usage;

public sealed class TokenCensusTests
{
    /// <summary>Calls of the service last five seconds otherwise.</summary>
    private const double Held = 6.5;

    [PostgreSqlFact]
    public async Task A_count_may_last_longer_than_a_call()
    {
        var database = PostgreSqlServer.NewDatabase();
        var silo = new SiloFixture { PostgreSql = database };
        await silo.InitializeAsync();
        try
        {
            await silo.NewToken(ttl: "240h");
            silo.Clock.Advance(TimeSpan.FromDays(4));
            await using var holder = new NpgsqlConnection(database);
            await holder.OpenAsync();
            await using var transaction = await holder.BeginTransactionAsync();
            await Run("LOCK TABLE token_uses IN ACCESS EXCLUSIVE MODE");
            var census = silo.Grains.GetGrain<ITokenCensusGrain>(ITokenCensusGrain.Key).Get();
            await Run($"SELECT pg_sleep({FormattableString.Invariant($"{Held}")})");
            await transaction.CommitAsync();
            Assert.Equal(1, (await census).EndsWithinWeek);

            async Task Run(string text)
            {
                await using var command = new NpgsqlCommand(text, holder);
                await command.ExecuteNonQueryAsync();
            }
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }
}
