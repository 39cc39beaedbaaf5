using System.Net;
using System.Net.Sockets;
using k8s.Autorest;
using TokenActors.Cli.Foundation;

namespace TokenActors.Cli.Agent;

/// <summary>Calls of a cluster's API, whose failures say what to do.</summary>
internal static class KubernetesCalls
{
    /// <summary>Null where there is none.</summary>
    /// <param name="what">it is about</param>
    /// <param name="call">the call</param>
    /// <param name="cancellation">of the caller</param>
    public static Task<T?> Read<T>(string what, Func<Task<T>> call, CancellationToken cancellation) where T : class =>
        Send(what, call, status => status is HttpStatusCode.NotFound, cancellation);

    /// <summary>Null where somebody else made, changed or removed it meanwhile.</summary>
    /// <param name="what">it is about</param>
    /// <param name="create">the call where there is none yet; null where there is one</param>
    /// <param name="replace">the call where there is one</param>
    /// <param name="cancellation">of the caller</param>
    public static Task<T?> Write<T>(
        string what, Func<Task<T>>? create, Func<Task<T>> replace, CancellationToken cancellation) where T : class => create is null
        ? Send(what, replace, status => status is HttpStatusCode.Conflict or HttpStatusCode.NotFound, cancellation)
        : Send(what, create, status => status is HttpStatusCode.Conflict, cancellation);

    private static async Task<T?> Send<T>(
        string what, Func<Task<T>> call, Func<HttpStatusCode, bool> isNothing, CancellationToken cancellation) where T : class
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (HttpOperationException e) when (isNothing(e.Response.StatusCode))
        {
            return null;
        }
        catch (HttpOperationException e)
        {
            throw RefusalOf(what, e.Response.StatusCode);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new CliException(ExitCode.Failed, $"The cluster cannot be asked for {what}: {e.Message}") { IsPassing = true };
        }
    }

    private static CliException RefusalOf(string what, HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized =>
            new(ExitCode.NotSignedIn, $"The cluster does not accept this agent's own token, asked for {what}."),
        HttpStatusCode.Forbidden =>
            new(ExitCode.Refused, $"The cluster forbids this agent {what}; deploy/agent has the rules that it needs."),
        HttpStatusCode.NotFound =>
            new(ExitCode.NotFound, $"The cluster has no such namespace, asked for {what}: see --namespace."),
        _ => new(ExitCode.Failed, $"The cluster answered {(int)status}, asked for {what}.")
        {
            IsPassing = status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
        },
    };
}
