using Microsoft.Data.Sqlite;
using TokenActors.Testing.Storms;

namespace TokenActors.Gateway.Tests.Processes;

/// <summary>
/// Deliveries of the program with everything in it, on SQLite, killed with SIGKILL and started again; 100,000 of them
/// by <c>TOKENACTORS_STORM=100000</c>.
/// </summary>
public sealed class StormTests : ProcessTests
{
    private const int Deliveries = 5_000;

    [Fact]
    public async Task Endpoints_are_sent_all_that_happened_in_order_through_kills()
    {
        await StartUntilReady(environment: Storm.Settings);
        var bootstrap = ReadBootstrap();
        var storm = new Storm(
            () => Url, (string)bootstrap["access_secret"]!, (string)bootstrap["organization_id"]!,
            () => new SqliteConnection(
                $"Data Source={Path.Combine(Folder, "tokenactors.db")};Mode=ReadOnly;Pooling=False"));
        var (violations, figures) = await storm.Run(
            Storm.DeliveriesOr(Deliveries), [KillAndStart, KillAndStart, KillAndStart]);
        Console.WriteLine($"STORM {figures}");
        Assert.True(violations.Count == 0, $"{figures}\n{string.Join('\n', violations.Take(20))}");
    }

    private async Task KillAndStart()
    {
        Kill();
        await StartUntilReady(environment: Storm.Settings);
    }
}
