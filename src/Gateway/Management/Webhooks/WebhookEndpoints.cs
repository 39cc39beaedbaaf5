using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Events;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Credentials;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Hosting.Webhooks;

namespace TokenActors.Gateway.Management.Webhooks;

/// <summary>The list of webhooks.</summary>
internal sealed class WebhookList : IListSchema
{
    public static ListSchema Schema => ResourceLists.Webhooks;
}

/// <summary><c>/v1/organization/webhooks</c>.</summary>
internal static class WebhookEndpoints
{
    private const string Kind = "webhook";
    private const int LongestUrl = 2048;

    private static readonly string[] ServerSet = ["created_at", "updated_at"];

    public static void MapWebhooks(this RouteGroupBuilder v1)
    {
        var webhooks = v1.MapResource("/organization/webhooks", "organization webhooks");
        webhooks.MapGet("", List).Needs("webhooks:list").WithName("organizationWebhooks_list");
        webhooks.MapPost("", Create).Needs("webhooks:create").WithMetadata(new IdempotentRoute())
            .WithName("organizationWebhooks_create");
        webhooks.MapGet("/{webhookId}", Get).Needs("webhooks:get").WithName("organizationWebhooks_get");
        webhooks.MapPut("/{webhookId}", Update).Needs("webhooks:update").WithName("organizationWebhooks_update");
        webhooks.MapPatch("/{webhookId}", Patch).Needs("webhooks:patch").WithName("organizationWebhooks_patch");
        webhooks.MapDelete("/{webhookId}", Delete).Needs("webhooks:delete").WithName("organizationWebhooks_delete");
    }

    private static async Task<Results<JsonList<ListEnvelope<WebhookWire>>, Refusal>> List(
        ApiRequest request, ListQuery<WebhookList> query, IGrainFactory grains)
    {
        var page = await ResourceCommands.List(request, query, grains, Kind);
        return page.IsSuccess
            ? new JsonList<ListEnvelope<WebhookWire>>(
                new([.. (page.Value.Resources ?? []).Select(WebhookWire.From)], page.Value.Total), WebhookJson.Wire.ListEnvelopeWebhookWire)
            : page.Refusal;
    }

    private static async Task<Results<JsonCreated<Envelope<WebhookWire>>, Refusal>> Create(
        ApiRequest request, ObjectBody<CreateWebhookRequest> body, IGrainFactory grains, WebhookAddresses addresses,
        TimeProvider time)
    {
        (string Value, DateTimeOffset? Expires) secret = default;
        var id = ResourceCommands.NewId(request, time);
        var wanted = ResourceCommands.ReadNew(body.Fields, Kind, fields =>
        {
            secret = ReadSecret(fields) ?? default;
            return ReadContent(fields, current: null, credential: CredentialOf(id));
        });
        if (!wanted.IsSuccess)
        {
            return wanted.Refusal;
        }

        if (await RefusalOf(wanted.Value.Input, addresses, request) is { } refused)
        {
            return refused;
        }

        var config = new JsonObject { ["type"] = "secret", ["secret"] = secret.Value };
        var command = new ProvisionWebhook
        {
            Webhook = ResourceCommands.ToCreate(request, wanted.Value),
            Secret = new ProtectedText(config.ToJsonString(JsonSerializerOptions.Default)),
            SecretExpires = secret.Expires,
        };
        var answer = await request.Command(
            () => grains.GetGrain<IOrganizationWebhookGrain>(id.ToString()).Provision(command));
        var created = ResourceCommands.Read(answer, Kind, wanted.Value.Name ?? "");
        return created.IsSuccess
            ? new JsonCreated<Envelope<WebhookWire>>(
                new(WebhookWire.From(created.Value)), WebhookJson.Wire.EnvelopeWebhookWire)
            : created.Refusal;
    }

    private static async Task<Results<JsonOk<Envelope<WebhookWire>>, Refusal>> Get(
        ApiRequest request, string webhookId, IGrainFactory grains)
    {
        var webhook = await Find(request, grains, webhookId, "get");
        return webhook.IsSuccess ? Show(webhook.Value) : webhook.Refusal;
    }

    private static async Task<Results<JsonOk<Envelope<WebhookWire>>, Refusal>> Update(
        ApiRequest request, string webhookId, ObjectBody<WebhookWire> body, IGrainFactory grains, WebhookAddresses addresses)
    {
        var current = await Find(request, grains, webhookId, "update");
        return current.IsSuccess
            ? await Replace(
                request, grains, addresses, webhookId, "update", current.Value, body.Fields, expectedVersion: null)
                ?? ResourceCommands.Changed(Kind, webhookId)
            : current.Refusal;
    }

    private static Task<Results<JsonOk<Envelope<WebhookWire>>, Refusal>> Patch(
        ApiRequest request, string webhookId, JsonPatch patch, IGrainFactory grains, WebhookAddresses addresses) => patch.Apply(
        () => Find(request, grains, webhookId, "patch"), WebhookWire.From, WebhookJson.Wire.WebhookWire,
        (current, fields) => Replace(
            request, grains, addresses, webhookId, "patch", current, fields, current.Version),
        ResourceCommands.Changed(Kind, webhookId));

    private static async Task<Results<NoContent, Refusal>> Delete(
        ApiRequest request, string webhookId, IGrainFactory grains)
    {
        var current = await Find(request, grains, webhookId, "delete");
        if (!current.IsSuccess)
        {
            return current.Refusal;
        }

        var deleted = await ResourceCommands.Delete<IOrganizationWebhookGrain>(
            request, grains, Kind, webhookId, current.Value);
        return deleted.IsSuccess ? TypedResults.NoContent() : deleted.Refusal;
    }

    /// <summary>Null where the webhook was changed since it was read.</summary>
    private static async Task<Results<JsonOk<Envelope<WebhookWire>>, Refusal>?> Replace(
        ApiRequest request, IGrainFactory grains, WebhookAddresses addresses, string id, string verb, Resource current,
        JsonFields fields, long? expectedVersion)
    {
        var wanted = ResourceCommands.ReadWhole(
            fields, current, Kind, ServerSet, content => ReadContent(
                content, current.Content.Webhook, credential: null));
        if (!wanted.IsSuccess)
        {
            return wanted.Refusal;
        }

        if (await RefusalOf(wanted.Value.Input, addresses, request) is { } refused)
        {
            return refused;
        }

        var command = ResourceCommands.ToUpdate(request, wanted.Value, verb, expectedVersion);
        var answer = await request.Command(
            () => grains.GetGrain<IOrganizationWebhookGrain>(current.Id.ToString()).Update(command));
        if (ResourceCommands.Replaced(answer, Kind, id, command.Name) is not { } replaced)
        {
            return null;
        }

        return replaced.IsSuccess ? Show(replaced.Value) : replaced.Refusal;
    }

    private static Task<Outcome<Resource>> Find(ApiRequest request, IGrainFactory grains, string idOrName, string verb) =>
        ResourceCommands.Find<IOrganizationWebhookGrain>(request, grains, Kind, idOrName, verb);

    /// <summary>The id of the credential that is made with a webhook: the same for a call that is repeated.</summary>
    private static Guid CredentialOf(Guid webhook)
    {
        Span<byte> id = stackalloc byte[16];
        webhook.TryWriteBytes(id, bigEndian: true, out _);
        id[^1] ^= 1;
        return new Guid(id, bigEndian: true);
    }

    private static async Task<Refusal?> RefusalOf(ResourceInput input, WebhookAddresses addresses, ApiRequest request) =>
        input.Content.Webhook is { } webhook && await addresses.Problem(webhook.Address, request.Aborted) is { } problem
            ? Problems.Invalid("/url", "body", problem)
            : null;

    private static (string Value, DateTimeOffset? Expires)? ReadSecret(JsonFields fields)
    {
        if (fields.Object("secret", required: true) is not { } secret)
        {
            return null;
        }

        var value = CredentialConfigs.SecretText(secret, "value", isRequired: true);
        var expires = secret.Time("expires");
        secret.RefuseUnknown();
        return value is null ? null : (value, expires);
    }

    private static ResourceInput? ReadContent(JsonFields fields, WebhookContent? current, Guid? credential)
    {
        var environment = SharedFields.Environment(fields, required: current is not null) ?? "prod";
        var filters = fields.Texts("filters", required: true);
        var url = fields.Text("url", required: true, LongestUrl);
        if (current is not null)
        {
            ResourceFields.SameAs(fields, "credential_id", current.CredentialId?.ToString() ?? "");
        }

        if (filters?.FirstOrDefault(filter => !WebhookFilters.Names.Contains(filter)) is not null)
        {
            fields.Reject("filters", $"must be some of {string.Join(", ", WebhookFilters.Names)}");
        }

        return filters is null || url is null || fields.Errors.Count > 0
            ? null
            : new ResourceInput(new ResourceContent
            {
                Webhook = (current ?? new WebhookContent { Address = url, CredentialId = credential }) with
                {
                    Address = url,
                    Environment = environment,
                    Filters = [.. filters],
                    Types = [.. WebhookFilters.TypesOf(filters)],
                },
            });
    }

    private static JsonOk<Envelope<WebhookWire>> Show(Resource webhook) =>
        new(new(WebhookWire.From(webhook)), WebhookJson.Wire.EnvelopeWebhookWire);
}
