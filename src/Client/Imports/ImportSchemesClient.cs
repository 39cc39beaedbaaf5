using TokenActors.Client.Http;

namespace TokenActors.Client.Imports;

/// <summary><c>/lifecycle/v1/import-schemes</c>: how keys look that an organization imports.</summary>
public sealed class ImportSchemesClient
{
    private const string Root = $"{ApiGroup.Lifecycle}/import-schemes";

    private readonly ApiGroup _api;

    internal ImportSchemesClient(ApiGroup api) => _api = api;

    /// <summary>All of them: an organization has a few.</summary>
    /// <param name="cancellation">ends the call</param>
    public async Task<IReadOnlyList<ImportScheme>> List(CancellationToken cancellation = default) =>
        (await _api.Connection.Read(
            ApiCall.Get(Root), ApiGroup.Json.PageImportScheme, cancellation).ConfigureAwait(false)).Items;

    /// <summary>Says how keys look.</summary>
    /// <param name="scheme">what it is to be</param>
    public Change<ImportScheme, Preview> Create(NewImportScheme scheme) =>
        _api.Previewed(ApiCall.Post(Root).With(scheme, ApiGroup.Json.NewImportScheme), ApiGroup.Json.ImportScheme);

    /// <summary>Takes a scheme away, while no token accepts a key of it.</summary>
    /// <param name="id">the scheme</param>
    public Change<Done, Preview> Delete(string id) => _api.Removal(ApiCall.Delete($"{Root}/{ApiGroup.Part(id)}"));
}
