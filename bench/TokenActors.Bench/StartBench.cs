using TokenActors.Testing;

namespace TokenActors.Bench;

/// <summary>Start and memory of the service on an empty database and on a million stored tokens, each with a reminder, none due soon.</summary>
internal static class StartBench
{
    private const int Many = 1_000_000;

    public static async Task Run(Report report)
    {
        var folder = Directory.CreateTempSubdirectory("tokenactors-bench-").FullName;
        var database = PostgreSqlServer.NewDatabase();
        string token;
        using (var service = Service.Start(folder, database))
        {
            token = service.Issue().Id;
        }

        var (emptyReady, emptyMemory) = Measure(folder, database);
        await Fill.With(database, token, Many);
        var (ready, memory) = Measure(folder, database);
        report.Within($"seconds from start to ready, {Many:N0} tokens and reminders stored", ready, "empty", emptyReady, 10, "seconds");
        report.AtMostMore($"resident memory a while after start, {Many:N0} tokens and reminders stored, MB", memory, "empty", emptyMemory, 100, "MB");
        Directory.Delete(folder, recursive: true);
    }

    private static (double Seconds, double Megabytes) Measure(string folder, string database)
    {
        using var service = Service.Start(folder, database);
        service.Issue();

        // Long enough for the first read of the reminder table.
        Thread.Sleep(TimeSpan.FromSeconds(15));
        return (service.Server.ReadyAfter.TotalSeconds, service.Server.ResidentMegabytes);
    }
}
