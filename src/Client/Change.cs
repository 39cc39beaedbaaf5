using TokenActors.Client.Http;

namespace TokenActors.Client;

/// <summary>
/// A change that was not sent yet. <see cref="Send(string?, CancellationToken)"/> carries it out; it is repeated where
/// its answer is lost, under one idempotency key, so that it happens once.
/// </summary>
/// <typeparam name="T">the answer</typeparam>
public abstract class Change<T>
{
    private readonly Func<ApiCall, CancellationToken, Task<T>> _send;

    private protected Change(ApiCall call, Func<ApiCall, CancellationToken, Task<T>> send) =>
        (Call, _send) = (call, send);

    internal ApiCall Call { get; }

    /// <summary>Carries it out.</summary>
    /// <param name="cancellation">ends the call; what was sent by then may be carried out all the same</param>
    /// <exception cref="TokenActorsException">it was refused, or the service cannot be reached</exception>
    /// <exception cref="OutcomeUnknownException">nobody knows whether it was carried out</exception>
    public Task<T> Send(CancellationToken cancellation = default) => Send(null, cancellation);

    /// <summary>Carries it out under a key of the caller's.</summary>
    /// <param name="idempotencyKey">1 to 255 printable ASCII characters; null: the client makes one</param>
    /// <param name="cancellation">ends the call; what was sent by then may be carried out all the same</param>
    /// <exception cref="TokenActorsException">it was refused, or the service cannot be reached</exception>
    /// <exception cref="OutcomeUnknownException">nobody knows whether it was carried out</exception>
    public Task<T> Send(string? idempotencyKey, CancellationToken cancellation = default) => _send(
        Call.Safety == RepeatSafety.ByKey ? Call with { IdempotencyKey = KeyOf(idempotencyKey) } : Call, cancellation);

    private static string KeyOf(string? given) => given is null ? NewKey() : HeaderText.Key(given);

    private static string NewKey() => Guid.CreateVersion7().ToString();
}

/// <summary>A change that cannot be previewed.</summary>
/// <typeparam name="T">the answer</typeparam>
/// <param name="call">what is sent</param>
/// <param name="send">sends it and reads the answer</param>
internal sealed class PlainChange<T>(ApiCall call, Func<ApiCall, CancellationToken, Task<T>> send) : Change<T>(call, send);

/// <summary>A change that the service can decide without carrying it out.</summary>
/// <typeparam name="T">the answer</typeparam>
/// <typeparam name="TPreview">what a preview says</typeparam>
public sealed class Change<T, TPreview> : Change<T>
{
    private readonly Func<ApiCall, CancellationToken, Task<TPreview>> _preview;

    internal Change(
        ApiCall call, Func<ApiCall, CancellationToken, Task<T>> send,
        Func<ApiCall, CancellationToken, Task<TPreview>> preview)
        : base(call, send) => _preview = preview;

    /// <summary>What would happen now; nothing does. What would be refused is refused.</summary>
    /// <param name="cancellation">ends the call</param>
    /// <exception cref="TokenActorsException">it would be refused, or the service cannot be reached</exception>
    public Task<TPreview> Preview(CancellationToken cancellation = default) => _preview(
        Call with { Query = [.. Call.Query, new("dry_run", "true")], Safety = RepeatSafety.Always }, cancellation);
}

/// <summary>What a change would do.</summary>
/// <param name="WouldChange">false: everything is already as the change wants it</param>
/// <param name="Status">the HTTP status that the change would be answered with</param>
/// <param name="Change">what would happen, as the audit trail names it, such as <c>member.deleted</c></param>
/// <param name="Subject">what it would happen to</param>
/// <param name="Affected">the tokens that hang on the subject, whether the change ends them or not</param>
public sealed record Preview(bool WouldChange, int Status, string? Change, PreviewSubject? Subject, Affected? Affected)
    : IAnswer
{
    bool IAnswer.IsWhole => Status != 0;

    /// <summary>Of a rotation: the former pair that would end at once. Null where there is none.</summary>
    public FormerPair? EndsFormer { get; init; }
}

/// <summary>A pair that was replaced and is still accepted.</summary>
/// <param name="EndsAt">until when, if nothing is changed</param>
public sealed record FormerPair(DateTimeOffset EndsAt);

/// <summary>What would be changed; a thing that would be made has an id that it will not have.</summary>
/// <param name="Kind">such as <c>token</c></param>
/// <param name="Id">its id</param>
public sealed record PreviewSubject(string Kind, string Id);

/// <summary>Tokens that are not deleted.</summary>
/// <param name="Tokens">how many</param>
/// <param name="Kinds">how many of each kind</param>
/// <param name="UsedLastDay">of them, used within the last 24 hours</param>
/// <param name="Descendants">of them, made with another token</param>
/// <param name="Members">members that a role is bound to</param>
/// <param name="Staying">not among them: made with one of them or behind it, and belonging to something else</param>
/// <param name="Complete">false: there are more than were counted</param>
public sealed record Affected(
    int Tokens, IReadOnlyDictionary<string, int> Kinds,
    [property: System.Text.Json.Serialization.JsonPropertyName("used_last_24h")] int UsedLastDay,
    int Descendants, int Members, int Staying, bool Complete);

/// <summary>The answer of a change that has nothing to tell.</summary>
public sealed class Done
{
    internal static readonly Done Instance = new();

    private Done()
    {
    }
}
