using TokenActors.Testing;

namespace TokenActors.Bench;

/// <summary>
/// The service and its database are ended by signal in the middle of refreshes. Afterwards whatever was acknowledged must still be what the
/// holder says it is: the last access secret is active, and the last refresh secret gives a pair.
/// </summary>
internal static class KillBench
{
    private const int Holders = 64;

    public static void Run(Report report, TimeSpan duration)
    {
        var folder = Directory.CreateTempSubdirectory("tokenactors-bench-").FullName;
        var database = PostgreSqlServer.NewDatabase();
        var held = new HeldToken[Holders];
        var acknowledged = 0;
        using (var service = Service.Start(folder, database))
        {
            for (var i = 0; i < Holders; i++)
            {
                held[i] = service.Issue();
            }

            using var killer = new Timer(_ => service.Server.Kill(), null, duration, Timeout.InfiniteTimeSpan);
            try
            {
                Load.Http(service.Port, Holders, duration * 2, (i, connection) =>
                {
                    held[i] = HttpBench.Refreshed(service, connection, held[i]);
                    Interlocked.Increment(ref acknowledged);
                });
            }
            catch (InvalidOperationException e) when (e.InnerException is not InvalidOperationException)
            {
                // The end of the service, as the callers see it.
            }
        }

        PostgreSqlServer.Restart();
        using var again = Service.Start(folder, database);
        using var connection = new Connection(again.Port);
        var kept = held.Count(token => again.IsActive(connection, token.Access) && connection.Send(again.RefreshRequest(token)).Status == 200);
        report.AtLeast(
            $"tokens whose last acknowledged pair holds after kill -9 of service and database amid {acknowledged:N0} refreshes", kept, "tokens", Holders, 1);
        Directory.Delete(folder, recursive: true);
    }
}
