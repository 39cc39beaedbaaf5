using System.Data.Common;
using TokenActors.Gateway.Composition;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage.Records;

ProgramCulture.SetInvariant();
return await CommandLine.Run(args, async settings =>
{
    try
    {
        await using var app = await GatewayHost.Build(settings, TimeProvider.System);
        await app.RunAsync();
        return ExitCodes.Done;
    }
    catch (Exception e) when (e is SettingsException or InvalidOperationException or IOException
        or UnauthorizedAccessException or StorageUnavailableException or DbException)
    {
        // The operator needs the message, which says what to change; a stack trace would hide it.
        await Console.Error.WriteLineAsync($"TokenActors cannot start. {e.Message}");
        return ExitCodes.Failed;
    }
});
