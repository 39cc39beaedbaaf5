using TokenActors.Client.Http;

namespace TokenActors.Client.Imports;

/// <summary><c>/lifecycle/v1/tokens/import</c> and <c>/lifecycle/v1/imports</c>: keys that another system
/// issued.</summary>
public sealed class ImportsClient
{
    private const string Lines = "application/x-ndjson";

    private readonly ApiGroup _api;
    private readonly TimeProvider _time;

    internal ImportsClient(ApiGroup api, TimeProvider time) => (_api, _time) = (api, time);

    /// <summary>Hands lines over. A line that is wrong refuses them all; what is refused later stands in the
    /// results.</summary>
    /// <param name="lines">JSON objects, one a line, in UTF-8; at most 32 MiB and 200,000 lines</param>
    public Change<Import, ImportPlan> Start(byte[] lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return new(
            ApiCall.Post($"{ApiGroup.Lifecycle}/tokens/import") with { Body = lines, BodyType = Lines },
            (call, cancellation) => _api.Connection.Read(call, ApiGroup.Json.Import, cancellation),
            (call, cancellation) => _api.Connection.Read(call, ApiGroup.Json.ImportPlan, cancellation));
    }

    /// <summary>How far an import is.</summary>
    /// <param name="id">the import</param>
    /// <param name="cancellation">ends the call</param>
    public Task<Import> Get(string id, CancellationToken cancellation = default) =>
        _api.Connection.Read(ApiCall.Get(PathOf(id)), ApiGroup.Json.Import, cancellation);

    /// <summary>How far an import is, again and again until it is over.</summary>
    /// <param name="id">the import</param>
    /// <param name="every">how long to wait between two looks; null: half a second</param>
    /// <param name="cancellation">ends the following, not the import</param>
    public IAsyncEnumerable<Import> Follow(string id, TimeSpan? every = null, CancellationToken cancellation = default) =>
        Following.UntilOver(token => Get(id, token), import => import.IsOver, every, _time, cancellation);

    /// <summary>Stops an import before its next lines; what was imported stays.</summary>
    /// <param name="id">the import</param>
    public Change<Import> Stop(string id) =>
        _api.Change(ApiCall.Delete(PathOf(id)) with { Safety = RepeatSafety.ByKey }, ApiGroup.Json.Import);

    /// <summary>What became of the lines that had their turn, by their numbers.</summary>
    /// <param name="id">the import</param>
    /// <param name="refusedOnly">only those that were refused</param>
    /// <param name="query">the page; it takes neither filters nor an order</param>
    public Listing<ImportResult> Results(string id, bool refusedOnly = false, ListQuery? query = null) => _api.Listing(
        ApiCall.Get($"{PathOf(id)}/results").With("state", refusedOnly ? "refused" : null), query, ApiGroup.Json.PageImportResult);

    private static string PathOf(string id) => $"{ApiGroup.Lifecycle}/imports/{ApiGroup.Part(id)}";
}
