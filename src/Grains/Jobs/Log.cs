using Microsoft.Extensions.Logging;

namespace TokenActors.Grains.Jobs;

internal static partial class Log
{
    [LoggerMessage(2701, LogLevel.Warning, "{Operation} (operation {Id}) failed in its executor")]
    public static partial void ExecutionFailed(ILogger logger, string operation, string id, Exception exception);
}
