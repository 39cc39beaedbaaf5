using TokenActors.Gateway.Hosting;
using TokenActors.Hosting.Configuration;

if (args.Contains("--help"))
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

if (CommandLine.ProblemWith(args) is { } problem)
{
    await Console.Error.WriteLineAsync($"{problem}\n\n{CommandLine.Help}");
    return 2;
}

try
{
    await using var app = await GatewayHost.Build(args, TimeProvider.System);
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (e is SettingsException or InvalidOperationException or IOException or UnauthorizedAccessException
    or TokenActors.Storage.Records.StorageUnavailableException or System.Data.Common.DbException)
{
    // Whoever starts the program is told what to mend, not where it was noticed.
    await Console.Error.WriteLineAsync($"TokenActors cannot start. {e.Message}");
    return 1;
}
