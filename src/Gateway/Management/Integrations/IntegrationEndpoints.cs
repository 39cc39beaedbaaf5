using System.Text.Json.Serialization.Metadata;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Credentials;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Integrations;

/// <summary><c>/v1/integrations</c>. The account in the path is named by id or name; <see cref="IntegrationProvisioning"/> makes what comes with one.</summary>
internal sealed class IntegrationEndpoints(IntegrationProvisioning provisioning, IntegrationExpansion expansion, IGrainFactory grains, TimeProvider time)
    : ResourceEndpoints<IIntegrationGrain, IntegrationWire>("integration", ResourceLists.Integrations, grains, time)
{
    protected override JsonTypeInfo<IntegrationWire> WireType => IntegrationJson.Wire.IntegrationWire;

    protected override JsonTypeInfo<Envelope<IntegrationWire>> OneType => IntegrationJson.Wire.EnvelopeIntegrationWire;

    protected override JsonTypeInfo<ListEnvelope<IntegrationWire>> ListType => IntegrationJson.Wire.ListEnvelopeIntegrationWire;

    protected override IReadOnlyList<string> ServerSet =>
    [
        "created_at", "updated_at", "refresh_token_id", "account", "category", "provider_fullname", "provider_type", "integration_point",
    ];

    public static void Map(RouteGroupBuilder v1)
    {
        var integrations = v1.MapResource("/integrations", "integrations");
        integrations.MapGet("", (HttpContext http, IntegrationEndpoints e) => Expanded(http, () => e.List(http))).Needs("integrations:list")
            .WithName("integrations_list").AsksForList(total: true).AsksToExpand().Produces<ListEnvelope<IntegrationWire>>();
        integrations.MapGet("/{accountId}", (HttpContext http, string accountId, IntegrationEndpoints e) => e.ListAccount(http, accountId))
            .Needs("integrations:list_account").WithName("integrations_list_account").AsksForList(total: true).AsksToExpand()
            .Produces<ListEnvelope<IntegrationWire>>();
        integrations.MapPost("/{accountId}", (HttpContext http, string accountId, IntegrationEndpoints e) => e.Under(http, accountId, () => e.Create(http)))
            .Needs("integrations:create").WithName("integrations_create").Accepts<CreateIntegrationRequest>("application/json")
            .Produces<Envelope<CreatedIntegration>>(StatusCodes.Status201Created);
        integrations.MapPost("/{accountId}/verify", (HttpContext http, string accountId, IntegrationEndpoints e) => e.Under(http, accountId, () => e.Verify(http)))
            .Needs("integrations:verify").WithName("integrations_verify").Accepts<VerifyIntegrationRequest>("application/json").Produces<VerifiedIntegration>();
        integrations.MapGet("/{accountId}/{integrationId}", (HttpContext http, string accountId, string integrationId, IntegrationEndpoints e) =>
            e.Under(http, accountId, () => e.Get(http, integrationId))).Needs("integrations:get").WithName("integrations_get")
            .Produces<Envelope<IntegrationWire>>();
        integrations.MapPut("/{accountId}/{integrationId}", (HttpContext http, string accountId, string integrationId, IntegrationEndpoints e) =>
            e.Under(http, accountId, () => e.Update(http, integrationId))).Needs("integrations:update").WithName("integrations_update")
            .Accepts<IntegrationWire>("application/json").Produces<UpdatedIntegration>();
        integrations.MapPatch("/{accountId}/{integrationId}", (HttpContext http, string accountId, string integrationId, IntegrationEndpoints e) =>
            e.Under(http, accountId, () => e.Patch(http, integrationId))).Needs("integrations:patch").WithName("integrations_patch")
            .Reads<IReadOnlyList<PatchOperation>>().Produces<UpdatedIntegration>();
        integrations.MapDelete("/{accountId}/{integrationId}", (HttpContext http, string accountId, string integrationId, IntegrationEndpoints e) =>
            e.Under(http, accountId, () => e.Delete(http, integrationId))).Needs("integrations:delete").WithName("integrations_delete")
            .Produces(StatusCodes.Status204NoContent);
    }

    protected override IntegrationWire ToWire(Resource resource) => IntegrationWire.From(resource);

    protected override async Task<IReadOnlyList<IntegrationWire>> ToWires(HttpContext http, IReadOnlyList<Resource> resources) =>
        await expansion.Expand(http, [.. resources.Select(ToWire)]);

    protected override ResourceInput? ReadContent(HttpContext http, JsonFields fields, Resource? current)
    {
        if (current is not null)
        {
            ResourceFields.SameAs(fields, "account_id", current.Content.Integration!.AccountId.ToString());
        }

        if (IntegrationBody.Read(fields, isNew: current is null) is not { } body)
        {
            return null;
        }

        var draft = provisioning.Begin(http, body, current);
        return new ResourceInput(
            new ResourceContent { Integration = body.ToContent(http.Account().Id, draft.Token) }, body.Webhooks?.Keys);
    }

    protected override Task<IResult?> Check(HttpContext http) => provisioning.CheckReferences(http);

    protected override Task<IResult> Make(HttpContext http, Guid id, CreateResource command, IdempotentCall? call) =>
        provisioning.Provision(http, id, command, call);

    protected override async Task<ResourceAnswer> Store(HttpContext http, Guid id, UpdateResource command)
    {
        var replaced = await provisioning.Replace(http, id, command);
        http.Features.Set(replaced);
        return replaced.Answer;
    }

    protected override Task<IResult> Replaced(HttpContext http, Resource resource)
    {
        var credentials = http.Features.Get<ProvisionedIntegration>()?.Credentials ?? [];
        return Task.FromResult<IResult>(TypedResults.Json(
            new UpdatedIntegration(ToWire(resource), credentials.Length > 0 ? [.. credentials.Select(CredentialWire.From)] : null),
            IntegrationJson.Wire.UpdatedIntegration));
    }

    /// <summary>Only what hangs on the account in the path is there.</summary>
    protected override async Task<(Resource? Resource, IResult? Problem)> Find(HttpContext http, string idOrName, string verb)
    {
        var (resource, problem) = await base.Find(http, idOrName, verb);
        return resource is not null && resource.Content.Integration!.AccountId != http.Account().Id
            ? (null, ProblemResults.NotFound(http, "integration", idOrName))
            : (resource, problem);
    }

    private Task<IResult> ListAccount(HttpContext http, string accountId) =>
        Expanded(http, () => Under(http, accountId, () => List(http, http.Account().Id.ToString(), "list_account")));

    private static async Task<IResult> Expanded(HttpContext http, Func<Task<IResult>> handler) =>
        IntegrationExpansion.ProblemWith(http) ?? await handler();

    /// <summary>Mock providers have nothing to be verified; for others no connector is installed.</summary>
    private async Task<IResult> Verify(HttpContext http)
    {
        var (fields, problem) = await ManagementBody.Read(http);
        if (problem is not null)
        {
            return problem;
        }

        IntegrationBody? body = null;
        if (fields!.Object("integration", required: true) is { } integration)
        {
            integration.Text("name");
            integration.Text("fullname");
            body = IntegrationBody.Read(integration, isNew: true);
            integration.RefuseUnknown();
        }

        fields.RefuseUnknown();
        if (body is null || fields.Errors.Count > 0)
        {
            return ProblemResults.Invalid(http, fields.Errors);
        }

        return body.Provider.Provider.IsMock
            ? TypedResults.Json(new VerifiedIntegration(null), IntegrationJson.Wire.VerifiedIntegration)
            : ProblemResults.Of(
                http, StatusCodes.Status501NotImplemented, "no-connector", $"No connector for {body.Provider.Provider.Type} is installed, so that it cannot be verified.");
    }

    private async Task<IResult> Under(HttpContext http, string accountId, Func<Task<IResult>> handler)
    {
        var organization = http.Bearer().OrganizationId;
        if (await Grains.FindResource(organization, "account", accountId) is { } id
            && (await Grains.GetGrain<IAccountGrain>(id.ToString()).Get(new ReadResource { OrganizationId = organization })).Resource is { } account
            && http.Bearer().Caller.Grant.Covers(http.GetEndpoint()!.Metadata.GetMetadata<RoutePolicy>()!.Permission!, account.ToTarget()))
        {
            http.Features.Set(new PathAccount(account));
            return await handler();
        }

        return ProblemResults.NotFound(http, "account", accountId);
    }
}

/// <summary>The account that the path names.</summary>
internal sealed record PathAccount(Resource Account);

internal static class PathAccountExtensions
{
    public static Resource Account(this HttpContext http) =>
        http.Features.Get<PathAccount>()?.Account ?? throw new InvalidOperationException("this route names no account");
}
