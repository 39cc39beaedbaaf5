using System.Globalization;
using Microsoft.AspNetCore.Http.Metadata;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Authentication;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Gateway.Calls;

/// <summary>A command's outcome is not known even after asking again.</summary>
internal sealed class OutcomeUnknownException(Exception inner) : Exception("the outcome of a command is not known", inner);

/// <summary>How the gateway calls grains: a command that times out is asked for again with the same id before the caller hears of it.</summary>
internal static class GrainCalls
{
    private const int LongestUserAgent = 256;

    public static Task<T> Command<T>(Func<Task<T>> call) => Command(call, call);

    /// <param name="call">the command</param>
    /// <param name="again">the same, where what became of the first is not known</param>
    public static async Task<T> Command<T>(Func<Task<T>> call, Func<Task<T>> again)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (IsUnavailable(e))
        {
        }

        try
        {
            return await again();
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            throw new OutcomeUnknownException(e);
        }
    }

    /// <summary>
    /// The database or the silo did not answer in time. A silo that ends cancels what it was about to ask other silos, and the caller
    /// sees that; requests that their own client cancelled are told apart before.
    /// </summary>
    public static bool IsUnavailable(Exception e) =>
        e is ServiceUnavailableException or TimeoutException or OperationCanceledException || e.GetType().Namespace?.StartsWith("Orleans", StringComparison.Ordinal) == true;

    /// <summary>A new command of the request's caller.</summary>
    public static CallContext NewCommand(this HttpContext http, Idempotency? idempotency = null) => new()
    {
        CommandId = Guid.CreateVersion7(),
        Caller = http.Features.Get<Bearer>()?.Caller,
        Origin = new CallOrigin
        {
            RemoteAddress = http.Connection.RemoteIpAddress?.ToString(),
            UserAgent = Cut(http.Request.Headers.UserAgent.ToString()),
            Method = http.Request.Method,
            Path = Cut(http.Request.Path.Value ?? ""),
            Code = SuccessOf(http),
        },
        Idempotency = idempotency,
    };

    /// <summary>What the route answers where it succeeds.</summary>
    private static string SuccessOf(HttpContext http) =>
        (http.GetEndpoint()?.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().FirstOrDefault(m => m.StatusCode is >= 200 and < 300)?.StatusCode
            ?? StatusCodes.Status200OK).ToString(CultureInfo.InvariantCulture);

    private static string? Cut(string text) =>
        text.Length == 0 || !StorableText.Is(text) ? null : text[..Math.Min(text.Length, LongestUserAgent)];
}
