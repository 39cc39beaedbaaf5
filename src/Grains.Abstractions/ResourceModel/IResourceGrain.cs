using Orleans.Concurrency;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Abstractions.ResourceModel;

/// <summary>
/// One resource of an organization. Key: its id as a lower-case UUID. Every command is durable before it is answered;
/// refusals are values of <see cref="ResourceRefusal"/>. All members throw <see cref="ServiceUnavailableException"/>
/// where the database does not answer; asking again with the same command id is safe. A caller finds nothing of
/// another organization, nor what its grant does not cover.
/// <para>
/// A cancellation token ends a call that waits for its turn, reads or asks another grain, with
/// <see cref="OperationCanceledException"/>. A command whose commit is queued is carried out all the same; asking
/// again with the same command id tells its outcome.
/// </para>
/// </summary>
[Alias("TokenActors.IResourceGrain")]
public interface IResourceGrain : IGrainWithStringKey
{
    /// <summary>
    /// Creates it. Refused: id or name taken, owner gone, beyond the caller's grant, references that lead nowhere.
    /// </summary>
    [Alias("Create")]
    Task<ResourceAnswer> Create(CreateResource command, CancellationToken cancellationToken = default);

    /// <summary>The resource, from memory. Refused: not found, forbidden.</summary>
    [AlwaysInterleave]
    [Alias("Get")]
    Task<ResourceAnswer> Get(ReadResource query, CancellationToken cancellationToken = default);

    /// <summary>Replaces name and content. Refused: as create, and at another version than expected.</summary>
    [Alias("Update")]
    Task<ResourceAnswer> Update(UpdateResource command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes it; nothing below it is accepted from the answer on. Refused: not found, forbidden, beyond the
    /// caller's grant.
    /// </summary>
    [Alias("Delete")]
    Task<ResourceAnswer> Delete(DeleteResource command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes what is left below a deleted resource. Idempotent; called by the grain itself and by its reminder.
    /// </summary>
    [Alias("FinishDelete")]
    Task FinishDelete();
}
