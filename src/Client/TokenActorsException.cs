using System.Net;

namespace TokenActors.Client;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Detail">what is wrong with it</param>
/// <param name="Pointer">JSON Pointer into the body, such as <c>/labels/3</c></param>
/// <param name="Parameter">name of a parameter of the query, the path or a header</param>
public sealed record ProblemError(string Detail, string? Pointer, string? Parameter);

/// <summary>The service refused a call, or did not answer it.</summary>
public abstract class TokenActorsException : Exception
{
    private protected TokenActorsException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>The HTTP status; null where no answer came.</summary>
    public HttpStatusCode? Status { get; internal init; }

    /// <summary>What kind of problem it is, as a URN that stays; null where the answer named none.</summary>
    public string? ProblemType { get; internal init; }

    /// <summary>The last word of <see cref="ProblemType"/>, such as <c>not-found</c>; <c>unreachable</c> without an
    /// answer.</summary>
    public string Code => ProblemType?[(ProblemType.LastIndexOf(':') + 1)..]
        ?? (Status is { } status ? $"http-{(int)status}" : "unreachable");

    /// <summary>What is wrong with this request.</summary>
    public string Detail => Message;

    /// <summary>Names the request in the operator's log.</summary>
    public string? Instance { get; internal init; }

    /// <summary>Everything that is wrong with what was sent.</summary>
    public IReadOnlyList<ProblemError> Errors { get; internal init; } = [];

    /// <summary>How long the service asks to wait.</summary>
    public TimeSpan? RetryAfter { get; internal init; }
}

/// <summary>A call was refused, or the service cannot be reached; nothing was done.</summary>
public sealed class CallFailedException : TokenActorsException
{
    internal CallFailedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>
/// A change was sent, and nobody knows whether it was carried out: its answer was lost, or the service could not say.
/// The same change under the same key is carried out once, and its answer is given again for ten minutes.
/// </summary>
public sealed class OutcomeUnknownException : TokenActorsException
{
    internal OutcomeUnknownException(string message, string? idempotencyKey, Exception? inner = null)
        : base(message, inner) => IdempotencyKey = idempotencyKey;

    /// <summary>Repeat the change under this key; null where the route takes none.</summary>
    public string? IdempotencyKey { get; }
}
