using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Foundation;

/// <summary>Commands that are decided and not carried out.</summary>
internal static class Previews
{
    /// <summary>The answer where the database would refuse the commit.</summary>
    /// <exception cref="PreviewedException">it would not</exception>
    public static async Task<TAnswer> Preview<TState, TAnswer>(
        this IRecordStore store, Step<TState, TAnswer> step, Commit commit)
        where TState : class
    {
        var outcome = await store.Foresee([commit, .. step.Others]);
        if (outcome != CommitOutcome.Done)
        {
            return step.Answer(outcome);
        }

        var (kind, id) = commit.Record.Key;
        throw new PreviewedException(kind, id, commit.Audit is [var entry, ..] ? entry.Event : $"{kind}.changed");
    }
}
