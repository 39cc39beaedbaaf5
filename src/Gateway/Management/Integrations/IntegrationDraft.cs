using TokenActors.Domain.Identity;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Integrations;

/// <summary>What a request is about to make of an integration, with the ids of what comes with it.</summary>
/// <param name="account">that the integration hangs on</param>
/// <param name="token">its default token</param>
/// <param name="current">as it is, whose keys stay where they are left out; null for a new one</param>
/// <param name="newId">the id of a credential that is to be made, by its place</param>
/// <param name="newKey">the key of a webhook that is to be made, by its place</param>
internal sealed class IntegrationDraft(
    Resource account, TokenId token, IntegrationContent? current, Func<int, Guid> newId, Func<int, byte[]> newKey)
{
    private IntegrationBody? _body;

    public Resource Account => account;

    public TokenId Token => token;

    public IntegrationBody Body => _body ?? throw new InvalidOperationException("no body was read");

    /// <summary>The ids of the credentials for the secrets that stood inline, in their order.</summary>
    public IReadOnlyList<Guid> Credentials { get; private set; } = [];

    /// <summary>The point that the integration is made at, once it is known to fit; null for none.</summary>
    public IntegrationPointContent? Point { get; set; }

    /// <summary>
    /// What is to be made, with the operations that the point schedules where the body schedules none.
    /// </summary>
    public ResourceContent Complete(ResourceContent content) =>
        content.Integration is { ScheduledOperations: null or "[]" } integration
            && Point?.ScheduledOperations is { } scheduled
            ? content with { Integration = integration with { ScheduledOperations = scheduled } }
            : content;

    /// <summary>What was made, with the keys of webhooks that were given or made up: no later answer shows
    /// them.</summary>
    public IntegrationWire Show(Resource integration)
    {
        var wire = IntegrationWire.From(integration);
        return Body.Webhooks?.Full is { } webhooks ? wire with { WebhookConfig = webhooks } : wire;
    }

    /// <summary>
    /// Reads what a body says beyond names, and lets inline secrets refer to the credentials that will hold them.
    /// </summary>
    public ResourceInput? Read(JsonFields fields)
    {
        _body = IntegrationBody.Read(fields, current, newKey);
        if (_body is null)
        {
            return null;
        }

        Credentials = [.. _body.Provider.Inline.Select((_, i) => newId(i))];
        foreach (var (inline, id) in _body.Provider.Inline.Zip(Credentials))
        {
            inline.PointTo(id);
        }

        return new ResourceInput(
            new ResourceContent { Integration = _body.ToContent(account.Id, token) }, _body.Webhooks?.Keys);
    }
}
