using TokenActors.Testing;

namespace TokenActors.Bench;

/// <summary>
/// Processor time per operation of this build and of another, of service and database apart. The two take turns at each job, and begin in
/// turns, so that what else the machine does meets both.
/// </summary>
internal static class PairBench
{
    private const int Connections = 16;
    private const int ColdTokens = 4_000;

    /// <summary>What can be measured, by the words that choose it.</summary>
    public static readonly string[] Jobs = ["introspection", "issue", "refresh", "cold", "sqlite"];

    /// <summary>What one operation takes: microseconds of both processes, and bytes of the database's log.</summary>
    private sealed record Cost(double Service, double Database, double LogBytes)
    {
        public double Total => Service + Database;
    }

    /// <summary>One build with its databases, and the secrets of tokens that are not in its memory yet.</summary>
    private sealed class Contender(string binary, string? connectionString) : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-pair-").FullName;
        private Service? _service;
        private Queue<string> _cold = [];

        private Service Service => _service ??= Service.Start(_folder, connectionString, binary);

        /// <summary>Issues tokens and uses each once, then starts anew, so that none is in memory.</summary>
        public void PrepareCold(int rounds)
        {
            var held = new string[Connections][];
            Load.Each(Service.Port, Connections, Connections, (i, connection) => held[i] = [.. Enumerable.Range(0, rounds * ColdTokens / Connections).Select(_ =>
            {
                var access = Service.Read(connection.Send(Service.IssueRequest).Text).Access;
                return Service.IsActive(connection, access) ? access : throw new InvalidOperationException("a new token is not active");
            })]);
            _cold = new Queue<string>(held.SelectMany(some => some));
            Restart();
        }

        /// <summary>In order, so that everything is written.</summary>
        private void Restart()
        {
            Service.Server.Stop();
            Service.Dispose();
            _service = null;
            Service.Issue();
        }

        public Cost Measure(string job, TimeSpan time)
        {
            var database = connectionString is null ? TimeSpan.Zero : PostgreSqlServer.ProcessorTime;
            var log = connectionString is null ? 0 : PostgreSqlServer.LogPosition;
            var service = Service.Server.ProcessorTime;
            var count = job == "cold" ? Cold() : HttpBench.Rate(Service, job, time, Connections) * time.TotalSeconds;
            return new Cost(
                (Service.Server.ProcessorTime - service).TotalMicroseconds / count,
                connectionString is null ? 0 : (PostgreSqlServer.ProcessorTime - database).TotalMicroseconds / count,
                connectionString is null ? 0 : (PostgreSqlServer.LogPosition - log) / count);
        }

        private int Cold()
        {
            var tokens = Enumerable.Range(0, ColdTokens).Select(_ => _cold.Dequeue()).ToArray();
            Load.Each(Service.Port, Connections, ColdTokens, (i, connection) =>
            {
                if (!Service.IsActive(connection, tokens[i]))
                {
                    throw new InvalidOperationException("a stored token is not active");
                }
            });
            return ColdTokens;
        }

        public void Dispose()
        {
            _service?.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <param name="report">gets the ratios</param>
    /// <param name="pairs">how often both are measured</param>
    /// <param name="time">of each measurement but the cold ones, which are a number of tokens</param>
    /// <param name="other">the other build's program, <c>tokenactors.dll</c></param>
    /// <param name="jobs">some of <see cref="Jobs"/></param>
    public static void Run(Report report, int pairs, TimeSpan time, string other, string[] jobs)
    {
        var own = Server.OwnBinary;
        var onPostgreSql = jobs.Where(job => job != "sqlite").ToArray();
        if (onPostgreSql.Length > 0)
        {
            using var ours = new Contender(own, PostgreSqlServer.NewDatabase());
            using var theirs = new Contender(other, PostgreSqlServer.NewDatabase());
            foreach (var contender in new[] { ours, theirs }.Where(_ => jobs.Contains("cold")))
            {
                contender.PrepareCold(pairs + 1);
            }

            Compare(report, pairs, time, ours, theirs, onPostgreSql, "PostgreSQL");
        }

        if (!jobs.Contains("sqlite"))
        {
            return;
        }

        using var oursOnSqlite = new Contender(own, null);
        using var theirsOnSqlite = new Contender(other, null);
        Compare(report, pairs, time, oursOnSqlite, theirsOnSqlite, ["issue", "refresh"], "SQLite");
    }

    private static void Compare(Report report, int pairs, TimeSpan time, Contender ours, Contender theirs, string[] jobs, string database)
    {
        foreach (var job in jobs)
        {
            // What is hot is compiled first.
            ours.Measure(job, time * 3);
            theirs.Measure(job, time * 3);
            List<(Cost Ours, Cost Theirs)> measured = [];
            for (var pair = 0; pair < pairs; pair++)
            {
                var first = pair % 2 == 0 ? ours : theirs;
                var one = first.Measure(job, time);
                var two = (first == ours ? theirs : ours).Measure(job, time);
                measured.Add(first == ours ? (one, two) : (two, one));
            }

            Print(report, $"{(job == "cold" ? "cold introspection" : job)}, {database}", measured);
        }
    }

    private static void Print(Report report, string what, List<(Cost Ours, Cost Theirs)> measured)
    {
        void Line(string part, Func<Cost, double> of)
        {
            if (measured.TrueForAll(pair => of(pair.Theirs) > 0))
            {
                var ratios = measured.Select(pair => of(pair.Ours) / of(pair.Theirs)).Order().ToList();
                report.Beside(
                    $"{what}: {part} (pairs {ratios[0]:0.00} to {ratios[^1]:0.00}, median {Middle(ratios):0.00})", Middle(measured.Select(pair => of(pair.Ours))),
                    "the other build", Middle(measured.Select(pair => of(pair.Theirs))));
            }
        }

        Line("processor time of both, microseconds", cost => cost.Total);
        Line("of the service", cost => cost.Service);
        Line("of the database", cost => cost.Database);
        Line("bytes of the database's log", cost => cost.LogBytes);
    }

    private static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
