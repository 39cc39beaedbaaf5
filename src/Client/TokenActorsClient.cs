using System.Text.Json.Nodes;
using TokenActors.Client.Audit;
using TokenActors.Client.Http;
using TokenActors.Client.Imports;
using TokenActors.Client.Intents;
using TokenActors.Client.Jobs;
using TokenActors.Client.Policies;
using TokenActors.Client.Resources;
using TokenActors.Client.Session;
using TokenActors.Client.Tokens;
using TokenActors.Client.Webhooks;

namespace TokenActors.Client;

/// <summary>
/// A client of a TokenActors service: the Lifecycle API, and of the Management API log-on and resources. It holds no
/// connection of its own and may be used by many threads.
/// </summary>
public sealed class TokenActorsClient
{
    private readonly ApiGroup _api;

    /// <summary>A client over an HTTP client, which stays the caller's.</summary>
    /// <param name="http">sends the requests; the client sets its own time limits, so its <c>Timeout</c> may be
    /// infinite. A handler that follows redirections sends what is in a body, secrets among it, wherever it is led</param>
    /// <param name="options">where the service is, who asks, and how patiently</param>
    public TokenActorsClient(HttpClient http, TokenActorsClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        _api = new ApiGroup(new ApiConnection(http, options));
        Tokens = new(_api);
        Revocations = new(_api);
        Jobs = new(_api, options.Time);
        Intents = new(_api, Tokens.ReadToken);
        Imports = new(_api, options.Time);
        ImportSchemes = new(_api);
        Policy = new(_api);
        Audit = new(_api);
        Webhooks = new(_api);
        Session = new(_api, this);
        Organization = new(_api);
        Accounts = new(_api, new(
            "v1/accounts", ApiGroup.Json.EnvelopeAccount, ApiGroup.Json.ListEnvelopeAccount, ApiGroup.Json.NewAccount,
            async (call, cancellation) =>
                (await _api.Result(call, ApiGroup.Json.EnvelopeCreatedAccount, cancellation).ConfigureAwait(false)).Account));
        Members = new(_api, new(
            "v1/members", ApiGroup.Json.EnvelopeMember, ApiGroup.Json.ListEnvelopeMember, ApiGroup.Json.NewMember,
            async (call, cancellation) =>
                (await _api.Result(call, ApiGroup.Json.EnvelopeCreatedMember, cancellation).ConfigureAwait(false)).Member));
        Roles = new(_api, new(
            "v1/roles", ApiGroup.Json.EnvelopeRole, ApiGroup.Json.ListEnvelopeRole, ApiGroup.Json.NewRole,
            (call, cancellation) => _api.Result(call, ApiGroup.Json.EnvelopeRole, cancellation)));
        Integrations = new(_api);
        Credentials = new(_api);
    }

    /// <summary>Tokens of every kind.</summary>
    public TokensClient Tokens { get; }

    /// <summary>What ends, as it ends.</summary>
    public RevocationsClient Revocations { get; }

    /// <summary>Changes of many things, which go on after their call.</summary>
    public JobsClient Jobs { get; }

    /// <summary>Commands that wait for a person who may see the secret that they make.</summary>
    public IntentsClient Intents { get; }

    /// <summary>Keys that another system issued, taken over by their hashes.</summary>
    public ImportsClient Imports { get; }

    /// <summary>How such keys look.</summary>
    public ImportSchemesClient ImportSchemes { get; }

    /// <summary>What the organization demands of its tokens.</summary>
    public PolicyClient Policy { get; }

    /// <summary>What was done, and what was refused.</summary>
    public AuditClient Audit { get; }

    /// <summary>Endpoints that are sent events.</summary>
    public WebhooksClient Webhooks { get; }

    /// <summary>Log-on, renewal and log-off, and who one is.</summary>
    public SessionClient Session { get; }

    /// <summary>The organization of the bearer.</summary>
    public OrganizationClient Organization { get; }

    /// <summary>Accounts.</summary>
    public ResourcesClient<Account, NewAccount> Accounts { get; }

    /// <summary>People and services that log on.</summary>
    public ResourcesClient<Member, NewMember> Members { get; }

    /// <summary>Rights under names.</summary>
    public ResourcesClient<Role, NewRole> Roles { get; }

    /// <summary>Connections to providers.</summary>
    public IntegrationsClient Integrations { get; }

    /// <summary>Secrets of providers.</summary>
    public CredentialsClient Credentials { get; }

    /// <summary>
    /// The gateways and silos of the service, as it tells them; for bearers that are whole in the root organization.
    /// </summary>
    /// <param name="cancellation">ends the call</param>
    public Task<JsonObject> Cluster(CancellationToken cancellation = default) =>
        _api.Connection.Read(ApiCall.Get($"{ApiGroup.Lifecycle}/cluster"), ApiGroup.Json.JsonObject, cancellation);
}
