using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Bridges;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Bridges;

/// <summary>The list of an account's bridges.</summary>
internal sealed class BridgeList : IListSchema
{
    public static ListSchema Schema => ResourceLists.Bridges;
}

/// <summary><c>/v1/bridges</c>. The account in the path is named by id or name, and so is the bridge.</summary>
internal static class BridgeEndpoints
{
    private const string Kind = "bridge";

    private static readonly string[] ServerSet = ["created_at", "updated_at"];

    public static void MapBridges(this RouteGroupBuilder v1)
    {
        var bridges = v1.MapResource("/bridges", "bridges");
        bridges.MapGet("/{accountId}", List).Needs("bridges:list").WithName("bridges_list");
        bridges.MapPost("/{accountId}", Create).Needs("bridges:create").WithMetadata(new IdempotentRoute())
            .WithName("bridges_create");
        bridges.MapGet("/{accountId}/{bridgeId}", Get).Needs("bridges:get").WithName("bridges_get");
        bridges.MapPut("/{accountId}/{bridgeId}", Update).Needs("bridges:update").WithName("bridges_update");
        bridges.MapPatch("/{accountId}/{bridgeId}", Patch).Needs("bridges:patch").WithName("bridges_patch");
        bridges.MapDelete("/{accountId}/{bridgeId}", Delete).Needs("bridges:delete").WithName("bridges_delete");
        bridges.MapGet("/{accountId}/{bridgeId}/status", GetStatus).Needs("bridges:status")
            .WithName("bridges_get_status");
        v1.MapReports();
    }

    private static async Task<Results<JsonList<ListEnvelope<BridgeWire>>, Refusal>> List(
        ApiRequest request, string accountId, ListQuery<BridgeList> query, IGrainFactory grains)
    {
        var account = await FindAccount(request, grains, accountId, "list");
        if (!account.IsSuccess)
        {
            return account.Refusal;
        }

        var page = await ResourceCommands.List(request, query, grains, Kind, account.Value.Id.ToString());
        return page.IsSuccess
            ? new JsonList<ListEnvelope<BridgeWire>>(
                new([.. (page.Value.Resources ?? []).Select(BridgeWire.From)], page.Value.Total), BridgeJson.Wire.ListEnvelopeBridgeWire)
            : page.Refusal;
    }

    private static async Task<Results<JsonCreated<Envelope<CreatedBridge>>, Refusal>> Create(
        ApiRequest request, string accountId, ObjectBody<CreateBridgeRequest> body, IGrainFactory grains, TimeProvider time)
    {
        var account = await FindAccount(request, grains, accountId, "create");
        if (!account.IsSuccess)
        {
            return account.Refusal;
        }

        var wanted = ResourceCommands.ReadNew(body.Fields, Kind, fields => ReadContent(fields, account.Value));
        return wanted.IsSuccess
            ? await BridgeCreation.Create(request, account.Value, wanted.Value, grains, time)
            : wanted.Refusal;
    }

    private static async Task<Results<JsonOk<Envelope<BridgeWire>>, Refusal>> Get(
        ApiRequest request, string accountId, string bridgeId, IGrainFactory grains)
    {
        var bridge = await Find(request, grains, accountId, bridgeId, "get");
        return bridge.IsSuccess ? Show(bridge.Value) : bridge.Refusal;
    }

    private static async Task<Results<JsonOk<Envelope<BridgeWire>>, Refusal>> Update(
        ApiRequest request, string accountId, string bridgeId, ObjectBody<BridgeWire> body, IGrainFactory grains)
    {
        var account = await FindAccount(request, grains, accountId, "update");
        if (!account.IsSuccess)
        {
            return account.Refusal;
        }

        var current = await Find(request, grains, account.Value, bridgeId, "update");
        return current.IsSuccess
            ? await Replace(
                request, grains, account.Value, bridgeId, "update", current.Value, body.Fields, expectedVersion: null)
                ?? ResourceCommands.Changed(Kind, bridgeId)
            : current.Refusal;
    }

    private static async Task<Results<JsonOk<Envelope<BridgeWire>>, Refusal>> Patch(
        ApiRequest request, string accountId, string bridgeId, JsonPatch patch, IGrainFactory grains)
    {
        var account = await FindAccount(request, grains, accountId, "patch");
        return account.IsSuccess
            ? await patch.Apply(
                () => Find(request, grains, account.Value, bridgeId, "patch"), BridgeWire.From, BridgeJson.Wire.BridgeWire,
                (current, fields) => Replace(
                    request, grains, account.Value, bridgeId, "patch", current, fields, current.Version),
                ResourceCommands.Changed(Kind, bridgeId))
            : account.Refusal;
    }

    private static async Task<Results<NoContent, Refusal>> Delete(
        ApiRequest request, string accountId, string bridgeId, IGrainFactory grains)
    {
        var current = await Find(request, grains, accountId, bridgeId, "delete");
        if (!current.IsSuccess)
        {
            return current.Refusal;
        }

        var deleted = await ResourceCommands.Delete<IBridgeGrain>(request, grains, Kind, bridgeId, current.Value);
        return deleted.IsSuccess ? TypedResults.NoContent() : deleted.Refusal;
    }

    /// <summary>The agents that have reported within a minute.</summary>
    private static async Task<Results<JsonList<ListEnvelope<BridgeStatusWire>>, Refusal>> GetStatus(
        ApiRequest request, string accountId, string bridgeId, IGrainFactory grains)
    {
        var bridge = await Find(request, grains, accountId, bridgeId, "status");
        if (!bridge.IsSuccess)
        {
            return bridge.Refusal;
        }

        var read = new ReadResource { OrganizationId = request.Bearer.OrganizationId, Caller = request.Bearer.Caller };
        var status = await grains.GetGrain<IBridgeGrain>(bridge.Value.Id.ToString()).GetStatus(read, request.Aborted);
        return status.Refusal is { } refusal
            ? ResourceRefusals.ToProblem(refusal, Kind, bridgeId)
            : new JsonList<ListEnvelope<BridgeStatusWire>>(
                new([.. status.Agents.Select(BridgeStatusWire.From)]), BridgeJson.Wire.ListEnvelopeBridgeStatusWire);
    }

    /// <summary>Null where the bridge was changed since it was read.</summary>
    private static async Task<Results<JsonOk<Envelope<BridgeWire>>, Refusal>?> Replace(
        ApiRequest request, IGrainFactory grains, Resource account, string id, string verb, Resource current, JsonFields fields, long? expectedVersion)
    {
        var wanted = ResourceCommands.ReadWhole(
            fields, current, Kind, ServerSet, content => ReadContent(content, account));
        if (!wanted.IsSuccess)
        {
            return wanted.Refusal;
        }

        var command = ResourceCommands.ToUpdate(request, wanted.Value, verb, expectedVersion);
        var answer = await request.Command(
            () => grains.GetGrain<IBridgeGrain>(current.Id.ToString()).Update(command));
        if (ResourceCommands.Replaced(answer, Kind, id, command.Name) is not { } replaced)
        {
            return null;
        }

        return replaced.IsSuccess ? Show(replaced.Value) : replaced.Refusal;
    }

    private static ResourceInput ReadContent(JsonFields fields, Resource account) => new(new ResourceContent
    {
        Bridge = new BridgeContent
        {
            AccountId = account.Id,
            Description = fields.Text("description"),
            Labels = [.. ResourceFields.Labels(fields)],
        },
    });

    /// <summary>An account has no category: who is narrowed to some of them reaches none of its bridges.</summary>
    private static async Task<Outcome<Resource>> FindAccount(
        ApiRequest request, IGrainFactory grains, string idOrName, string verb)
    {
        var account = await grains.FindAccount(request, idOrName, $"bridges:{verb}");
        return account.IsSuccess && !request.Bearer.Caller.Grant.Covers($"bridges:{verb}", account.Value.ToTarget())
            ? Problems.NotFound("account", idOrName)
            : account;
    }

    private static async Task<Outcome<Resource>> Find(
        ApiRequest request, IGrainFactory grains, string accountId, string idOrName, string verb)
    {
        var account = await FindAccount(request, grains, accountId, verb);
        return account.IsSuccess ? await Find(request, grains, account.Value, idOrName, verb) : account.Refusal;
    }

    /// <summary>Only what hangs on the account in the path is there.</summary>
    private static async Task<Outcome<Resource>> Find(
        ApiRequest request, IGrainFactory grains, Resource account, string idOrName, string verb)
    {
        var found = await ResourceCommands.Find<IBridgeGrain>(request, grains, Kind, idOrName, verb, account.Id);
        return found.IsSuccess && ResourceFields.Of(found.Value.Content.Bridge).AccountId != account.Id
            ? Problems.NotFound(Kind, idOrName)
            : found;
    }

    private static JsonOk<Envelope<BridgeWire>> Show(Resource bridge) =>
        new(new(BridgeWire.From(bridge)), BridgeJson.Wire.EnvelopeBridgeWire);
}
