using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Credentials;
using TokenActors.Gateway.Previews;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Integrations;

/// <summary>The list of integrations, of all accounts or of one.</summary>
internal sealed class IntegrationList : IListSchema
{
    public static ListSchema Schema => ResourceLists.Integrations;

    public static bool Counts => true;
}

/// <summary>
/// <c>/v1/integrations</c>. The account in the path is named by id or name; <see cref="IntegrationProvisioning"/> makes
/// what comes with one.
/// </summary>
internal static class IntegrationEndpoints
{
    private const string Kind = "integration";

    private static readonly string[] ServerSet =
    [
        "created_at", "updated_at", "refresh_token_id", "account", "category", "provider_fullname", "provider_type",
        "integration_point",
    ];

    public static void MapIntegrations(this RouteGroupBuilder v1)
    {
        var integrations = v1.MapResource("/integrations", "integrations").CanBePreviewed();
        integrations.MapGet("", List).Needs("integrations:list").WithName("integrations_list");
        integrations.MapGet("/{accountId}", ListAccount).Needs("integrations:list_account")
            .WithName("integrations_list_account");
        integrations.MapPost("/{accountId}", Create).Needs("integrations:create").WithMetadata(new IdempotentRoute())
            .WithName("integrations_create");
        integrations.MapPost("/{accountId}/verify", Verify).Needs("integrations:verify").WithMetadata(new UnpreviewedRoute())
            .WithName("integrations_verify");
        integrations.MapGet("/{accountId}/{integrationId}", Get).Needs("integrations:get").WithName("integrations_get");
        integrations.MapPut("/{accountId}/{integrationId}", Update).Needs("integrations:update")
            .WithName("integrations_update");
        integrations.MapPatch("/{accountId}/{integrationId}", Patch).Needs("integrations:patch")
            .WithName("integrations_patch");
        integrations.MapDelete("/{accountId}/{integrationId}", Delete).Needs("integrations:delete")
            .WithName("integrations_delete");
    }

    private static async Task<Results<JsonList<ListEnvelope<IntegrationWire>>, Refusal>> List(
        ApiRequest request, ListQuery<IntegrationList> query, Expansion expansion, IGrainFactory grains) =>
        await Show(request, expansion, grains, await ResourceCommands.List(request, query, grains, Kind));

    private static async Task<Results<JsonList<ListEnvelope<IntegrationWire>>, Refusal>> ListAccount(
        ApiRequest request, string accountId, ListQuery<IntegrationList> query, Expansion expansion, IGrainFactory grains)
    {
        var account = await grains.FindAccount(request, accountId, "integrations:list_account");
        return account.IsSuccess
            ? await Show(
                request, expansion, grains, await ResourceCommands.List(
                    request, query, grains, Kind, account.Value.Id.ToString(), "list_account"))
            : account.Refusal;
    }

    /// <summary>The integration, its credentials and its default token, as one command.</summary>
    private static async Task<Results<JsonCreated<Envelope<CreatedIntegration>>, Refusal>> Create(
        ApiRequest request, string accountId, ObjectBody<CreateIntegrationRequest> body, IntegrationProvisioning provisioning, IGrainFactory grains)
    {
        var account = await grains.FindAccount(request, accountId, "integrations:create");
        if (!account.IsSuccess)
        {
            return account.Refusal;
        }

        var draft = provisioning.Begin(request, account.Value, current: null);
        var wanted = ResourceCommands.ReadNew(body.Fields, Kind, draft.Read);
        if (!wanted.IsSuccess)
        {
            return wanted.Refusal;
        }

        return await provisioning.ProblemWith(request, draft, current: null) is { } broken
            ? broken
            : await provisioning.Provision(request, draft, wanted.Value);
    }

    /// <summary>Mock providers have nothing to be verified; for others no connector is installed.</summary>
    private static async Task<Results<JsonOk<VerifiedIntegration>, Refusal>> Verify(
        ApiRequest request, string accountId, ObjectBody<VerifyIntegrationRequest> body,
        IntegrationProvisioning provisioning,
        IGrainFactory grains)
    {
        var account = await grains.FindAccount(request, accountId, "integrations:verify");
        if (!account.IsSuccess)
        {
            return account.Refusal;
        }

        if (VerifyIntegrationRequest.Read(body.Fields) is not { } integration)
        {
            return Problems.Invalid(body.Fields.Errors);
        }

        var provider = integration.Provider.Provider;
        if (!request.Bearer.Caller.Grant.Covers("integrations:verify", account.Value.ToTarget(provider.Category)))
        {
            return Problems.Forbidden("integrations:verify");
        }

        if (integration.IntegrationPointId is { } point
            && !await provisioning.Offers(request, point, provider, account.Value))
        {
            return Problems.Invalid([new RequestError(
                "/integration/integration_point_id", "body", "names no integration point that offers this provider")]);
        }

        return provider.IsMock
            ? new JsonOk<VerifiedIntegration>(new(null), IntegrationJson.Wire.VerifiedIntegration)
            : Problems.Of(
                StatusCodes.Status501NotImplemented, "no-connector", $"No connector for {provider.Type} is installed, so that it cannot be verified.");
    }

    private static async Task<Results<JsonOk<Envelope<IntegrationWire>>, Refusal>> Get(
        ApiRequest request, string accountId, string integrationId, IGrainFactory grains)
    {
        var account = await grains.FindAccount(request, accountId, "integrations:get");
        if (!account.IsSuccess)
        {
            return account.Refusal;
        }

        var integration = await Find(request, grains, account.Value, integrationId, "get");
        return integration.IsSuccess
            ? new JsonOk<Envelope<IntegrationWire>>(
                new(IntegrationWire.From(integration.Value)), IntegrationJson.Wire.EnvelopeIntegrationWire)
            : integration.Refusal;
    }

    private static async Task<Results<JsonOk<UpdatedIntegration>, Refusal>> Update(
        ApiRequest request, string accountId, string integrationId, ObjectBody<IntegrationWire> body,
        IntegrationProvisioning provisioning,
        IGrainFactory grains)
    {
        var account = await grains.FindAccount(request, accountId, "integrations:update");
        if (!account.IsSuccess)
        {
            return account.Refusal;
        }

        var current = await Find(request, grains, account.Value, integrationId, "update");
        return current.IsSuccess
            ? await Replace(
                request, provisioning, account.Value, integrationId, "update", current.Value, body.Fields,
                expectedVersion: null)
                ?? ResourceCommands.Changed(Kind, integrationId)
            : current.Refusal;
    }

    private static async Task<Results<JsonOk<UpdatedIntegration>, Refusal>> Patch(
        ApiRequest request, string accountId, string integrationId, JsonPatch patch, IntegrationProvisioning provisioning, IGrainFactory grains)
    {
        var account = await grains.FindAccount(request, accountId, "integrations:patch");
        return account.IsSuccess
            ? await patch.Apply(
                () => Find(request, grains, account.Value, integrationId, "patch"), IntegrationWire.From, IntegrationJson.Wire.IntegrationWire,
                (current, fields) => Replace(
                    request, provisioning, account.Value, integrationId, "patch", current, fields, current.Version),
                ResourceCommands.Changed(Kind, integrationId))
            : account.Refusal;
    }

    private static async Task<Results<NoContent, Refusal>> Delete(
        ApiRequest request, string accountId, string integrationId, IGrainFactory grains)
    {
        var account = await grains.FindAccount(request, accountId, "integrations:delete");
        if (!account.IsSuccess)
        {
            return account.Refusal;
        }

        var current = await Find(request, grains, account.Value, integrationId, "delete");
        if (!current.IsSuccess)
        {
            return current.Refusal;
        }

        var deleted = await ResourceCommands.Delete<IIntegrationGrain>(
            request, grains, Kind, integrationId, current.Value);
        return deleted.IsSuccess ? TypedResults.NoContent() : deleted.Refusal;
    }

    /// <summary>
    /// The change and the credentials that its configuration holds inline, as one command; null where it was changed
    /// since it was read.
    /// </summary>
    private static async Task<Results<JsonOk<UpdatedIntegration>, Refusal>?> Replace(
        ApiRequest request, IntegrationProvisioning provisioning, Resource account, string id, string verb,
        Resource current, JsonFields fields,
        long? expectedVersion)
    {
        ResourceFields.SameAs(fields, "account_id", account.Id.ToString());
        var draft = provisioning.Begin(request, account, current);
        var wanted = ResourceCommands.ReadWhole(fields, current, Kind, ServerSet, draft.Read);
        if (!wanted.IsSuccess)
        {
            return wanted.Refusal;
        }

        if (await provisioning.ProblemWith(request, draft, current.Content.Integration) is { } broken)
        {
            return broken;
        }

        var command = ResourceCommands.ToUpdate(request, wanted.Value, verb, expectedVersion);
        var made = await provisioning.Replace(request, draft, current.Id, command);
        if (ResourceCommands.Replaced(made.Answer, Kind, id, command.Name) is not { } replaced)
        {
            return null;
        }

        return replaced.IsSuccess
            ? new JsonOk<UpdatedIntegration>(
                new(draft.Show(replaced.Value), made.Credentials is [] ? null : [.. made.Credentials.Select(
                    CredentialWire.From)]),
                IntegrationJson.Wire.UpdatedIntegration, holdsSecret: draft.Body.Webhooks?.Full is not null)
            : replaced.Refusal;
    }

    /// <summary>Only what hangs on the account in the path is there.</summary>
    private static async Task<Outcome<Resource>> Find(
        ApiRequest request, IGrainFactory grains, Resource account, string idOrName, string verb)
    {
        var found = await ResourceCommands.Find<IIntegrationGrain>(
            request, grains, Kind, idOrName, verb, account.Id);
        return found.IsSuccess && ResourceFields.Of(found.Value.Content.Integration).AccountId != account.Id
            ? Problems.NotFound(Kind, idOrName)
            : found;
    }

    private static async Task<Results<JsonList<ListEnvelope<IntegrationWire>>, Refusal>> Show(
        ApiRequest request, Expansion expansion, IGrainFactory grains, Outcome<ResourcePage> page)
    {
        if (!page.IsSuccess)
        {
            return page.Refusal;
        }

        var integrations = await expansion.Expand(
            request, grains, [.. (page.Value.Resources ?? []).Select(IntegrationWire.From)]);
        return new JsonList<ListEnvelope<IntegrationWire>>(
            new(integrations, page.Value.Total), IntegrationJson.Wire.ListEnvelopeIntegrationWire);
    }
}
