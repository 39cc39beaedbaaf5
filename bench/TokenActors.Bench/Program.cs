using TokenActors.Bench;
using TokenActors.Silo;
using TokenActors.Tests;

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

var quick = args.Contains("--quick");
var duration = TimeSpan.FromSeconds(quick ? 3 : 8);
var report = new Report();
Console.WriteLine($"{Environment.ProcessorCount} cores, {EmbeddedSilo.RuntimeName}, {duration.TotalSeconds:0} s a measurement");
var only = args.SkipWhile(arg => arg != "--only").Skip(1).FirstOrDefault();
if (only is null or "http")
{
    await HttpBench.Run(report, duration, rounds: quick ? 1 : 3);
}

if (only is null or "grain")
{
    await GrainBench.Run(report, duration);
}

if (only is null or "lists")
{
    await ListBench.Run(report);
}

if (only is null or "sqlite")
{
    await SqliteBench.Run(report, duration);
}

report.Print();
return 0;
