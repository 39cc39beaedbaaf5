using TokenActors.Storage.Records;

namespace TokenActors.Grains.Foundation;

/// <summary>What a grain wants to do: nothing but answer, or commit a state and then answer by the outcome.</summary>
/// <param name="State">the next state; null after a purge</param>
/// <param name="Commit">null where nothing is to be written</param>
/// <param name="Answer">the answer, by the outcome of the commit</param>
public sealed record Step<TState, TAnswer>(TState? State, Commit? Commit, Func<CommitOutcome, TAnswer> Answer)
    where TState : class
{
    /// <summary>Rows of other grains that are made with this one: all are written, or none is.</summary>
    public IReadOnlyList<Commit> Others { get; init; } = [];

    public static Step<TState, TAnswer> Just(TAnswer answer) => new(null, null, _ => answer);
}
