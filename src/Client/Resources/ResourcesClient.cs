using System.Text.Json.Serialization.Metadata;
using TokenActors.Client.Http;

namespace TokenActors.Client.Resources;

/// <summary>What every resource of the Management API has.</summary>
public abstract record Resource
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, unique where it lives.</summary>
    public required string Name { get; init; }

    /// <summary>Its name for people.</summary>
    public string Fullname { get; init; } = "";

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was changed last.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A kind of resource of the Management API whose routes name it by its id or name alone.</summary>
/// <typeparam name="T">the resource</typeparam>
/// <typeparam name="TNew">one that is to be made</typeparam>
public sealed class ResourcesClient<T, TNew>
    where T : Resource
{
    private readonly ApiGroup _api;
    private readonly ResourceRoutes<T, TNew> _routes;

    internal ResourcesClient(ApiGroup api, ResourceRoutes<T, TNew> routes) => (_api, _routes) = (api, routes);

    /// <summary>The resources that the bearer's grant reaches.</summary>
    /// <param name="query">filters, order and page; null: all</param>
    public Listing<T> List(ListQuery? query = null) => _api.ManagementList(_routes.Path, query, _routes.Many);

    /// <summary>A resource.</summary>
    /// <param name="id">its id or name</param>
    /// <param name="cancellation">ends the call</param>
    public Task<T> Get(string id, CancellationToken cancellation = default) =>
        _api.Result(ApiCall.Get(PathOf(id)), _routes.One, cancellation);

    /// <summary>Makes a resource.</summary>
    /// <param name="resource">what it is to be</param>
    public Change<T, Preview> Create(TNew resource) =>
        _api.Previewed(ApiCall.Post(_routes.Path).With(resource, _routes.New), _routes.Made);

    /// <summary>
    /// Changes some of its fields. It takes no idempotency key: an answer that was lost is an
    /// <see cref="OutcomeUnknownException"/> without one.
    /// </summary>
    /// <param name="id">its id or name</param>
    /// <param name="patch">what is to change</param>
    public Change<T, Preview> Patch(string id, JsonPatch patch) => _api.Previewed(
        ApiCall.Patch(PathOf(id), patch),
        (call, cancellation) => _api.Result(call, _routes.One, cancellation));

    /// <summary>Deletes a resource, with what hangs on it.</summary>
    /// <param name="id">its id or name</param>
    public Change<Done, Preview> Delete(string id) => _api.Removal(ApiCall.Delete(PathOf(id)));

    private string PathOf(string id) => $"{_routes.Path}/{ApiGroup.Part(id)}";
}

/// <summary>Where a kind of resource is, and how it is read.</summary>
/// <param name="Path">of the kind</param>
/// <param name="One">the answer with one</param>
/// <param name="Many">the answer with a page</param>
/// <param name="New">the body of a create</param>
/// <param name="Made">reads the answer of a create</param>
internal sealed record ResourceRoutes<T, TNew>(
    string Path, JsonTypeInfo<Envelope<T>> One, JsonTypeInfo<ListEnvelope<T>> Many, JsonTypeInfo<TNew> New,
    Func<ApiCall, CancellationToken, Task<T>> Made);
