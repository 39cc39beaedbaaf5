namespace TokenActors.Domain.Records;

/// <summary>Why a record does not make a transition.</summary>
public enum TransitionRefusal
{
    /// <summary>There is no such record, or it is deleted.</summary>
    NotFound,

    /// <summary>The id of a new record belongs to another.</summary>
    IdTaken,

    /// <summary>The record is at another version than the one that was decided about.</summary>
    ChangedMeanwhile,
}

/// <summary>
/// What a transition function decides of (state, command, now): a next state and the event to audit, nothing to
/// change, or a refusal. A next state has its version raised by one.
/// </summary>
/// <param name="State">the next state, or the state as it stays; null where it is refused</param>
/// <param name="Event">what happened, such as <c>replaced</c>; null where nothing did</param>
/// <param name="Refusal">why not; null where it is not refused</param>
public readonly record struct Transition<TState>(TState? State, string? Event, TransitionRefusal? Refusal)
    where TState : class
{
    /// <summary>To a next state.</summary>
    public static Transition<TState> To(TState next, string happened) => new(next, happened, null);

    /// <summary>Nothing changes.</summary>
    public static Transition<TState> Stay(TState state) => new(state, null, null);

    /// <summary>Refused.</summary>
    public static Transition<TState> Refuse(TransitionRefusal refusal) => new(null, null, refusal);
}
