using TokenActors.Testing;

namespace TokenActors.Bench;

/// <summary>The service and its peers over HTTP, on one PostgreSQL, by the same load generator, taking turns.</summary>
internal static class HttpBench
{
    private const int Connections = 16;

    private static readonly string[] Jobs = ["introspection", "issue", "refresh"];

    public static void Run(Report report, TimeSpan duration, bool quick, string oidcFolder, string openIddictProgram)
    {
        // Two cores take that long to compile what is hot; a quick run makes do with most of it.
        var warmUp = TimeSpan.FromSeconds(quick ? 6 : 12);
        var rounds = quick ? 1 : 3;
        var folder = Directory.CreateTempSubdirectory("tokenactors-bench-").FullName;
        using var service = Service.Start(folder, PostgreSqlServer.NewDatabase());
        using var yardstick = new YardstickPeer();
        using var oidc = OidcProvider.Start(oidcFolder);
        using var openIddict = OpenIddictPeer.Start(openIddictProgram);
        List<Peer> peers = [service, yardstick, .. new Peer?[] { oidc, openIddict }.OfType<Peer>()];
        var rates = new Dictionary<(string Peer, string Job), List<double>>();
        for (var round = 0; round <= rounds; round++)
        {
            TimeSpan Time(Peer peer) => round > 0 ? duration : peer is Service ? warmUp : warmUp / 2;
            void Measure(string peer, string job, Func<double> measure)
            {
                var rate = measure();
                if (round > 0)
                {
                    rates.TryAdd((peer, job), []);
                    rates[(peer, job)].Add(rate);
                }
            }

            Measure("constant", "", () => Load.Repeat(service.Port, Connections, Time(service), _ => Connection.Request("GET", "/health/live", null)));
            foreach (var job in Jobs)
            {
                foreach (var peer in peers)
                {
                    Measure(peer.Name, job, () => Rate(peer, job, Time(peer)));
                }
            }
        }

        double Middle(string peer, string job) => rates[(peer, job)].Order().ElementAt(rates[(peer, job)].Count / 2);
        report.AtLeast("introspections a second over HTTP", Middle(service.Name, "introspection"), "constant endpoint", Middle("constant", ""), 0.6);
        foreach (var job in Jobs)
        {
            foreach (var peer in peers.Skip(1))
            {
                report.AtLeast($"{job} over HTTP, a second", Middle(service.Name, job), peer.Name, Middle(peer.Name, job), TargetBeside(peer, job));
            }
        }

        Latencies(report, service, duration, Middle(service.Name, "introspection") / 2);
        peers.ForEach(peer => Races(report, peer, trials: quick ? 20 : 50));
        Directory.Delete(folder, recursive: true);
    }

    private static double TargetBeside(Peer peer, string job) => (peer, job) switch
    {
        (OidcProvider, "introspection") => 15,
        (OidcProvider, _) => 7,
        (OpenIddictPeer, _) => 10,
        (_, "introspection") => 4.5,
        _ => 1.8,
    };

    /// <summary>How often a peer does a job in a second.</summary>
    public static double Rate(Peer peer, string job, TimeSpan time, int connections = Connections)
    {
        switch (job)
        {
            case "introspection":
                var access = peer.Issue().Access;
                return Load.Repeat(peer.Port, connections, time, _ => peer.IntrospectRequest(access));
            case "issue":
                return Load.Repeat(peer.Port, connections, time, _ => peer.IssueRequest);
            default:
                var held = Enumerable.Range(0, connections).Select(_ => peer.Issue()).ToArray();
                return Load.Http(peer.Port, connections, time, (i, connection) => held[i] = Refreshed(peer, connection, held[i]));
        }
    }

    public static HeldToken Refreshed(Peer peer, Connection connection, HeldToken token)
    {
        var (status, text) = connection.Send(peer.RefreshRequest(token));
        return status == 200 ? peer.Read(text) : throw new InvalidOperationException(text);
    }

    private static void Latencies(Report report, Service service, TimeSpan duration, double perSecond)
    {
        var access = service.Issue().Access;
        var ours = Load.Latencies(service.Port, Connections, perSecond, duration, _ => service.IntrospectRequest(access));
        var constant = Load.Latencies(service.Port, Connections, perSecond, duration, _ => Connection.Request("GET", "/health/live", null));
        foreach (var (name, part) in new[] { ("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999) })
        {
            report.Beside(
                $"introspection at half load, {name}, microseconds", ours[(int)(ours.Length * part)], "constant endpoint", constant[(int)(constant.Length * part)]);
        }
    }

    /// <summary>
    /// N simultaneous refreshes of one token. A trial is good where exactly one of the pairs that were answered lives, and everybody who
    /// asked holds it.
    /// </summary>
    private static void Races(Report report, Peer peer, int trials)
    {
        foreach (var clients in new[] { 2, 8, 64 })
        {
            var connections = Enumerable.Range(0, clients).Select(_ => new Connection(peer.Port)).ToList();
            var (one, all) = (0, 0);
            for (var trial = 0; trial < trials; trial++)
            {
                var request = peer.RefreshRequest(peer.Issue());
                var answers = Task.WhenAll(connections.Select(
                    c => Task.Factory.StartNew(() => c.Send(request), TaskCreationOptions.LongRunning))).Result;
                var successors = answers.Where(a => a.Status == 200).Select(a => peer.Read(a.Text).Access).ToList();
                var alive = successors.Distinct().Where(access => peer.IsActive(connections[0], access)).ToList();
                one += alive.Count == 1 ? 1 : 0;
                all += alive.Count == 1 && successors.Count == clients && successors.TrueForAll(s => s == alive[0]) ? 1 : 0;
            }

            connections.ForEach(connection => connection.Dispose());
            if (peer is Service)
            {
                report.AtLeast($"race of {clients}, {peer.Name}: one successor lives and all hold it", all, "trials", trials, 1);
            }
            else
            {
                report.Beside($"race of {clients}, {peer.Name}: one successor lives", one, "trials", trials);
                report.Beside($"race of {clients}, {peer.Name}: one successor lives and all hold it", all, "trials", trials);
            }
        }
    }
}
