using TokenActors.Bench;
using TokenActors.Testing;

if (args is ["yardstick", var port, var connection])
{
    await Yardstick.Run(int.Parse(port), connection);
    return 0;
}

if (PostgreSqlServer.Missing is { } missing)
{
    await Console.Error.WriteLineAsync($"{missing}; the benchmarks need it.");
    return 1;
}

for (var i = 0; i < args.Length; i++)
{
    if (args[i] is not ("--quick" or "--only" or "--out" or "--oidc" or "--openiddict" or "--silo" or "--beside" or "--pairs") || (args[i] != "--quick" && ++i == args.Length))
    {
        await Console.Error.WriteLineAsync("bench.sh [--quick] [--only PART,...] [--out FOLDER], --beside tokenactors.dll [--pairs N] [--out FOLDER], or --micro [--out FOLDER]");
        return 1;
    }
}

string? Option(string name) => args.SkipWhile(arg => arg != name).Skip(1).FirstOrDefault();
var quick = args.Contains("--quick");
var duration = TimeSpan.FromSeconds(quick ? 2 : 8);
var report = new Report($"Orleans, {duration.TotalSeconds:0} s a measurement");
var parts = new Dictionary<string, Func<Task>>
{
    ["http"] = () => Task.Run(() => HttpBench.Run(report, duration, quick, Option("--oidc") ?? "", Option("--openiddict") ?? "")),
    ["kill"] = () => Task.Run(() => KillBench.Run(report, duration)),
    ["refresh"] = () => GrainBench.Refreshes(report, duration),
    ["cold"] = () => GrainBench.Cold(report, duration),
    ["sqlite"] = () => SqliteBench.Run(report, duration),
    ["callers"] = () => GrowthBench.Callers(report, duration / 2),
    ["tokens"] = () => GrowthBench.Tokens(report, duration / 2),
    ["start"] = () => StartBench.Run(report),
    ["stock"] = () => StockBench.Run(report, duration),
    ["organization"] = () => GrainBench.HottestOrganization(report, duration),
    ["cluster"] = () => Task.Run(() => ClusterBench.Run(report, duration, Option("--silo") ?? throw new ArgumentException("--silo names the silo's program"))),
};
var beside = Option("--beside");
if (beside is not null)
{
    parts = PairBench.Jobs.ToDictionary(job => job, _ => (Func<Task>)(() => Task.CompletedTask));
}

var wanted = Option("--only")?.Split(',') ?? [.. parts.Keys.Where(part => beside is not null || !quick || part is "http" or "kill" or "refresh" or "cold" or "sqlite")];
if (wanted.FirstOrDefault(part => !parts.ContainsKey(part)) is { } unknown)
{
    await Console.Error.WriteLineAsync($"no part '{unknown}': {string.Join(", ", parts.Keys)}");
    return 1;
}

if (beside is not null)
{
    PairBench.Run(report, int.Parse(Option("--pairs") ?? "10"), TimeSpan.FromSeconds(10), beside, wanted);
}

foreach (var part in wanted)
{
    await parts[part]();
}

report.Print();
if (Option("--out") is { } folder)
{
    report.Write(folder);
}

return 0;
