using System.Diagnostics.Metrics;
using Orleans.Networking.Shared;
using Orleans.Runtime.Messaging;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Gateway.Http;

/// <summary>A command's outcome is not known even after asking again.</summary>
internal sealed class OutcomeUnknownException(Exception inner) : Exception(
    "the outcome of a command is not known", inner);

/// <summary>
/// How the gateway calls grains: a command that times out is asked for again with the same id before the caller hears
/// of it.
/// </summary>
internal static class GrainCalls
{
    private static readonly Counter<long> Retried = GatewayTelemetry.Meter.CreateCounter<long>(
        "tokenactors.grain_calls.retried", "{call}", "Commands whose first attempt was not answered, by the kind of failure.");

    /// <summary>
    /// Asks for a command, and again where it was not answered and there is time left: whoever waits longer than the
    /// response time-out has given up.
    /// </summary>
    /// <param name="http">the request</param>
    /// <param name="call">the command</param>
    /// <param name="again">the same, where what became of the first is not known; null: the same call</param>
    /// <exception cref="OutcomeUnknownException">the second attempt was not answered either</exception>
    public static async Task<T> Command<T>(HttpContext http, Func<Task<T>> call, Func<Task<T>>? again = null)
    {
        var time = http.RequestServices.GetRequiredService<TimeProvider>();
        var since = time.GetTimestamp();
        TimeSpan left;
        try
        {
            return await call();
        }
        catch (Exception e) when (IsUnavailable(e) && !http.RequestAborted.IsCancellationRequested)
        {
            left = ServiceOptions.ResponseTimeout - time.GetElapsedTime(since);
            if (left <= TimeSpan.Zero)
            {
                throw new OutcomeUnknownException(e);
            }

            Retried.Add(1, new KeyValuePair<string, object?>("error.type", e.GetType().Name));
            http.RequestServices.GetRequiredService<OutageLog>().Retried(
                ApiRequest.Of(http).Masked(http.Request.Path.Value ?? ""), e);
        }

        try
        {
            return await (again ?? call)().WaitAsync(left, time);
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            throw new OutcomeUnknownException(e);
        }
    }

    /// <summary>
    /// The database or the silo did not answer in time, or the call did not get there. A silo that ends cancels what it
    /// was about to ask other silos, and the caller sees that; requests that their own client cancelled are told apart
    /// before. Everything else is a bug.
    /// </summary>
    public static bool IsUnavailable(Exception e) =>
        e is ServiceUnavailableException or TimeoutException or OperationCanceledException
        or OrleansMessageRejectionException or ClientNotAvailableException or ConnectionFailedException or SocketConnectionException
        or OrleansLifecycleCanceledException or ReminderException or GatewayTooBusyException or LimitExceededException
        || IsDirectoryMoving(e) || IsUnknownToEarlierSilo(e);

    /// <summary>While silos come and go, the directory refuses look-ups with the base type itself.</summary>
    private static bool IsDirectoryMoving(Exception e) => e.GetType() == typeof(OrleansException);

    /// <summary>
    /// During an upgrade a silo of an earlier release cannot read a call to an interface that it does not have, also
    /// where it only passes it on.
    /// </summary>
    private static bool IsUnknownToEarlierSilo(Exception e) => e is TypeLoadException;
}
