using TokenActors.Client.Http;

namespace TokenActors.Client.Resources;

/// <summary><c>/v1/integrations</c>: connections to providers.</summary>
public sealed class IntegrationsClient
{
    private const string Root = $"{ApiGroup.Management}/integrations";

    private readonly ApiGroup _api;

    internal IntegrationsClient(ApiGroup api) => _api = api;

    /// <summary>The integrations of all accounts, or of one.</summary>
    /// <param name="account">id or name; null: all accounts</param>
    /// <param name="query">filters, order and page; null: all</param>
    public Listing<Integration> List(string? account = null, ListQuery? query = null) => _api.ManagementList(
        account is null ? Root : $"{Root}/{ApiGroup.Part(account)}", query, ApiGroup.Json.ListEnvelopeIntegration);

    /// <summary>An integration.</summary>
    /// <param name="account">id or name of its account</param>
    /// <param name="id">its id or name</param>
    /// <param name="cancellation">ends the call</param>
    public Task<Integration> Get(string account, string id, CancellationToken cancellation = default) =>
        _api.Result(ApiCall.Get(PathOf(account, id)), ApiGroup.Json.EnvelopeIntegration, cancellation);

    /// <summary>Makes an integration; the answer holds the secrets of its default token.</summary>
    /// <param name="account">id or name of its account</param>
    /// <param name="integration">what it is to be</param>
    public Change<CreatedIntegration, Preview> Create(string account, NewIntegration integration) => _api.Previewed(
        ApiCall.Post($"{Root}/{ApiGroup.Part(account)}").With(integration, ApiGroup.Json.NewIntegration),
        (call, cancellation) => _api.Result(call, ApiGroup.Json.EnvelopeCreatedIntegration, cancellation));

    /// <summary>Changes some of its fields.</summary>
    /// <param name="account">id or name of its account</param>
    /// <param name="id">its id or name</param>
    /// <param name="patch">what is to change</param>
    public Change<Integration, Preview> Patch(string account, string id, JsonPatch patch) => _api.Previewed(
        ApiCall.Patch(PathOf(account, id), patch),
        (call, cancellation) => _api.Result(call, ApiGroup.Json.EnvelopeIntegration, cancellation));

    /// <summary>Deletes an integration, with its tokens and credentials.</summary>
    /// <param name="account">id or name of its account</param>
    /// <param name="id">its id or name</param>
    public Change<Done, Preview> Delete(string account, string id) => _api.Removal(ApiCall.Delete(PathOf(account, id)));

    private static string PathOf(string account, string id) => $"{Root}/{ApiGroup.Part(account)}/{ApiGroup.Part(id)}";
}

/// <summary><c>/v1/credentials</c>: secrets of providers.</summary>
public sealed class CredentialsClient
{
    private const string Root = $"{ApiGroup.Management}/credentials";

    private readonly ApiGroup _api;

    internal CredentialsClient(ApiGroup api) => _api = api;

    /// <summary>The credentials of an account, an integration or another owner.</summary>
    /// <param name="owner">its id or name</param>
    /// <param name="query">filters, order and page; null: all</param>
    public Listing<Credential> List(string owner, ListQuery? query = null) =>
        _api.ManagementList($"{Root}/{ApiGroup.Part(owner)}", query, ApiGroup.Json.ListEnvelopeCredential);

    /// <summary>A credential.</summary>
    /// <param name="owner">id or name of what it hangs on</param>
    /// <param name="id">its id or name</param>
    /// <param name="cancellation">ends the call</param>
    public Task<Credential> Get(string owner, string id, CancellationToken cancellation = default) =>
        _api.Result(ApiCall.Get(PathOf(owner, id)), ApiGroup.Json.EnvelopeCredential, cancellation);

    /// <summary>Makes a credential.</summary>
    /// <param name="owner">id or name of what it hangs on</param>
    /// <param name="credential">what it is to be</param>
    public Change<Credential> Create(string owner, NewCredential credential) => new PlainChange<Credential>(
        ApiCall.Post($"{Root}/{ApiGroup.Part(owner)}").With(credential, ApiGroup.Json.NewCredential), Read);

    /// <summary>Changes some of its fields.</summary>
    /// <param name="owner">id or name of what it hangs on</param>
    /// <param name="id">its id or name</param>
    /// <param name="patch">what is to change</param>
    public Change<Credential> Patch(string owner, string id, JsonPatch patch) =>
        new PlainChange<Credential>(ApiCall.Patch(PathOf(owner, id), patch), Read);

    /// <summary>Deletes a credential.</summary>
    /// <param name="owner">id or name of what it hangs on</param>
    /// <param name="id">its id or name</param>
    public Change<Done> Delete(string owner, string id) => _api.Command(ApiCall.Delete(PathOf(owner, id)));

    private static string PathOf(string owner, string id) => $"{Root}/{ApiGroup.Part(owner)}/{ApiGroup.Part(id)}";

    private Task<Credential> Read(ApiCall call, CancellationToken cancellation) =>
        _api.Result(call, ApiGroup.Json.EnvelopeCredential, cancellation);
}
