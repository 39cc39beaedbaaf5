using System.Diagnostics;
using TokenActors.Testing;

namespace TokenActors.Bench;

/// <summary>
/// Two gateways before one silo and before three, on one PostgreSQL of the same machine: the processor time that each part spends on an
/// operation, beside one process that is all of them. All tokens are of one organization, so that its grain is asked at every verification.
/// </summary>
internal static class ClusterBench
{
    private const int Connections = 16;
    private const int Gateways = 2;

    /// <summary>Six processes compile what is hot on the cores that they share.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);

    private static readonly string[] Jobs = ["introspection", "issue", "refresh"];

    /// <summary>Silos and gateways as an operator starts them.</summary>
    private sealed class Cluster : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-cluster-").FullName;
        private readonly List<Server> _silos = [];
        private readonly List<Service> _gateways = [];

        public Cluster(string program, int silos)
        {
            string[] settings =
            [
                "--TokenActors:Storage:Provider", "PostgreSql", "--TokenActors:Storage:ConnectionString", PostgreSqlServer.NewDatabase(),
                "--TokenActors:Cluster:ClusterId", "bench", "--TokenActors:Cluster:AdvertisedAddress", "127.0.0.1",
                "--TokenActors:Secrets:Peppers:0:Id", "bench", "--TokenActors:Secrets:Peppers:0:Key", Convert.ToBase64String(new byte[32]),
                "--Logging:LogLevel:Default", "Warning",
            ];
            Prepare([program, "--migrate", "--bootstrap-out", _folder, .. settings]);
            List<int> doors = [];
            for (var i = 0; i < silos; i++)
            {
                doors.Add(Server.FreePort());
                string[] ports =
                [
                    "--urls", "http://127.0.0.1:{port}", "--TokenActors:Cluster:SiloPort", $"{Server.FreePort()}",
                    "--TokenActors:Cluster:GatewayPort", $"{doors[i]}",
                ];
                _silos.Add(Server.Start("dotnet", [program, .. ports, .. settings], "/health/ready"));
            }

            for (var i = 0; i < Gateways; i++)
            {
                _gateways.Add(Service.StartGateway(_folder, ["--TokenActors:Cluster:ClusterId", "bench", .. doors.SelectMany(
                    (door, n) => new[] { $"--TokenActors:Cluster:Gateways:{n}", $"127.0.0.1:{door}" })]));
            }
        }

        public TimeSpan OfSilos => Sum(_silos);

        public TimeSpan OfGateways => Sum(_gateways.Select(gateway => gateway.Server));

        /// <summary>Operations a second, by callers that are spread over the gateways.</summary>
        public double Rate(string job, TimeSpan time) => Task.WhenAll(_gateways.Select(gateway => Task.Factory.StartNew(
            () => HttpBench.Rate(gateway, job, time, Connections / Gateways), TaskCreationOptions.LongRunning))).Result.Sum();

        public void Dispose()
        {
            _gateways.ForEach(gateway => gateway.Dispose());
            _silos.ForEach(silo => silo.Dispose());
            Directory.Delete(_folder, recursive: true);
        }

        private static TimeSpan Sum(IEnumerable<Server> servers) => servers.Aggregate(TimeSpan.Zero, (sum, server) => sum + server.ProcessorTime);

        private static void Prepare(string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"the database cannot be prepared: {output.Result}{errors.Result}");
            }
        }
    }

    /// <param name="report">gets what was measured</param>
    /// <param name="duration">of each measurement</param>
    /// <param name="program">the silo's, <c>tokenactors-silo.dll</c></param>
    public static void Run(Report report, TimeSpan duration, string program)
    {
        var alone = Alone(duration);
        foreach (var silos in new[] { 1, 3 })
        {
            using var cluster = new Cluster(program, silos);
            foreach (var job in Jobs)
            {
                cluster.Rate(job, WarmUp);
                var (ofGateways, ofSilos, ofDatabase) = (cluster.OfGateways, cluster.OfSilos, PostgreSqlServer.ProcessorTime);
                var count = cluster.Rate(job, duration) * duration.TotalSeconds;
                var what = $"{job}, {silos} {(silos == 1 ? "silo" : "silos")} and {Gateways} gateways, processor time an operation, microseconds";
                var (gateways, silosTime) = (cluster.OfGateways - ofGateways, cluster.OfSilos - ofSilos);
                var database = PostgreSqlServer.ProcessorTime - ofDatabase;
                void Line(string part, TimeSpan time) =>
                    report.Beside($"{what}: {part}", time.TotalMicroseconds / count, "one process and its database", alone[job]);
                Line("all", gateways + silosTime + database);
                Line("gateways", gateways);
                Line("silos", silosTime);
                Line("database", database);
            }
        }
    }

    private static Dictionary<string, double> Alone(TimeSpan duration)
    {
        var folder = Directory.CreateTempSubdirectory("tokenactors-bench-").FullName;
        Dictionary<string, double> costs = [];
        using (var service = Service.Start(folder, PostgreSqlServer.NewDatabase()))
        {
            foreach (var job in Jobs)
            {
                HttpBench.Rate(service, job, WarmUp);
                var before = service.Server.ProcessorTime + PostgreSqlServer.ProcessorTime;
                var count = HttpBench.Rate(service, job, duration) * duration.TotalSeconds;
                costs[job] = (service.Server.ProcessorTime + PostgreSqlServer.ProcessorTime - before).TotalMicroseconds / count;
            }
        }

        Directory.Delete(folder, recursive: true);
        return costs;
    }
}
