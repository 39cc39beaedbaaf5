using System.Globalization;
using Microsoft.Data.Sqlite;

namespace TokenActors.Grains.Tests.Webhooks;

/// <summary>Where nobody listens, a change writes what it wrote before there were events.</summary>
public sealed class UnheardTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task What_nobody_listens_for_is_no_event_and_no_delivery()
    {
        var token = await silo.NewToken(ttl: "48h");
        await silo.Refresh(token.Id, token.Pair.Refresh!);
        await silo.Token(token.Id).Disable(SiloFixture.Change());
        await silo.Token(token.Id).Enable(SiloFixture.Change());
        silo.Clock.Advance(TimeSpan.FromDays(8));
        await silo.Tick(token.Id);
        Assert.Contains(await silo.Store.AuditOf(token.Id.ToString()), entry => entry.Event == "token.expired");
        Assert.Equal((0, 0), (await Count("events"), await Count("deliveries")));
    }

    private async Task<int> Count(string table)
    {
        await using var connection = new SqliteConnection($"Data Source={silo.DatabaseFile};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT COUNT(*) FROM {table}";
        return Convert.ToInt32(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
