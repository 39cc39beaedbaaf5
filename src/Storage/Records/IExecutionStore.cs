using TokenActors.Domain.Lists;

namespace TokenActors.Storage.Records;

/// <summary>
/// The history of executions. Every member throws <see cref="StorageUnavailableException"/> where the database does not
/// answer.
/// </summary>
public interface IExecutionStore
{
    /// <summary>Notes an execution; does nothing where it is noted already.</summary>
    Task Add(Execution execution);

    Task<Execution?> Find(string organizationId, string executionId);

    /// <summary>
    /// A page of an organization's executions by their beginning, from the one that comes after
    /// <paramref name="after"/>.
    /// </summary>
    Task<IReadOnlyList<Execution>> Page(
        string organizationId, IReadOnlyList<ListFilter> filters, Execution? after, int limit, bool descending);

    /// <summary>Deletes some of the executions that began before a time; returns how many.</summary>
    Task<int> Sweep(DateTimeOffset until, int limit);
}
