using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenActors.Hosting.Configuration;
using TokenActors.Hosting.Services;

namespace TokenActors.Hosting.Bootstrapping;

/// <summary>Makes the root organization when a single-process service first starts.</summary>
internal sealed partial class BootstrapAtStart(
    IGrainFactory grains, ServiceOptions options, TimeProvider time, StartSteps steps,
    ILogger<BootstrapAtStart> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var bootstrap = new Bootstrap(grains, time);
        if (await steps.Repeat(
            "the database to say whether there is an organization", () => bootstrap.Run(options.DataDirectory),
            cancellationToken) is { } file)
        {
            LogFounded(file);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(3001, LogLevel.Information, "Founded the root organization; its first credentials are in {Path}")]
    private partial void LogFounded(string path);
}
