using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Credentials;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Credentials;

/// <summary>The list of an owner's credentials.</summary>
internal sealed class CredentialList : IListSchema
{
    public static ListSchema Schema => ResourceLists.Credentials;
}

/// <summary>
/// <c>/v1/credentials</c>. The owner in the path is an account (by id or name), an integration or an integration point.
/// </summary>
internal static class CredentialEndpoints
{
    private const string Kind = "credential";

    private static readonly string[] ServerSet =
        ["created_at", "updated_at", "account_id", "integration_id", "integration_point_id", "organization_webhook_id", "managed"];

    public static void MapCredentials(this RouteGroupBuilder v1)
    {
        var credentials = v1.MapResource("/credentials", "credentials");
        credentials.MapGet("/lookup/{credentialId}", Lookup).Needs("credentials:lookup").WithName("credentials_lookup");
        credentials.MapGet("/{ownerId}", List).Needs("credentials:list").WithName("credentials_list");
        credentials.MapPost("/{ownerId}", Create).Needs("credentials:create").WithMetadata(new IdempotentRoute())
            .WithName("credentials_create");
        credentials.MapGet("/{ownerId}/{credentialId}", Get).Needs("credentials:get").WithName("credentials_get");
        credentials.MapPut("/{ownerId}/{credentialId}", Update).Needs("credentials:update")
            .WithName("credentials_update");
        credentials.MapPatch("/{ownerId}/{credentialId}", Patch).Needs("credentials:patch")
            .WithName("credentials_patch");
        credentials.MapDelete("/{ownerId}/{credentialId}", Delete).Needs("credentials:delete")
            .WithName("credentials_delete");
    }

    /// <summary>By its id, whoever owns it.</summary>
    private static async Task<Results<JsonOk<Envelope<CredentialWire>>, Refusal>> Lookup(
        ApiRequest request, string credentialId, IGrainFactory grains)
    {
        if (!Guid.TryParseExact(credentialId, "D", out _))
        {
            return Problems.NotFound(Kind, credentialId);
        }

        var credential = await ResourceCommands.Find<ICredentialGrain>(request, grains, Kind, credentialId, "lookup");
        return credential.IsSuccess ? Show(credential.Value) : Problems.NotFound(Kind, credentialId);
    }

    private static async Task<Results<JsonList<ListEnvelope<CredentialWire>>, Refusal>> List(
        ApiRequest request, string ownerId, ListQuery<CredentialList> query, IGrainFactory grains)
    {
        var owner = await CredentialOwners.Find(request, grains, ownerId, "list");
        if (!owner.IsSuccess)
        {
            return owner.Refusal;
        }

        var page = await ResourceCommands.List(request, query, grains, Kind, owner.Value.Id.ToString());
        return page.IsSuccess
            ? new JsonList<ListEnvelope<CredentialWire>>(
                new([.. (page.Value.Resources ?? []).Select(CredentialWire.From)], page.Value.Total), CredentialJson.Wire.ListEnvelopeCredentialWire)
            : page.Refusal;
    }

    private static async Task<Results<JsonCreated<Envelope<CredentialWire>>, Refusal>> Create(
        ApiRequest request, string ownerId, ObjectBody<CreateCredentialRequest> body, IGrainFactory grains, TimeProvider time)
    {
        var owner = await CredentialOwners.Find(request, grains, ownerId, "create");
        if (!owner.IsSuccess)
        {
            return owner.Refusal;
        }

        var wanted = ResourceCommands.ReadNew(
            body.Fields, Kind, fields => ReadContent(fields, owner.Value, current: null));
        if (!wanted.IsSuccess)
        {
            return wanted.Refusal;
        }

        var created = await ResourceCommands.Create<ICredentialGrain>(request, grains, time, Kind, wanted.Value);
        return created.IsSuccess
            ? new JsonCreated<Envelope<CredentialWire>>(
                new(CredentialWire.From(created.Value)), CredentialJson.Wire.EnvelopeCredentialWire)
            : created.Refusal;
    }

    private static async Task<Results<JsonOk<Envelope<CredentialWire>>, Refusal>> Get(
        ApiRequest request, string ownerId, string credentialId, IGrainFactory grains)
    {
        var owner = await CredentialOwners.Find(request, grains, ownerId, "get");
        if (!owner.IsSuccess)
        {
            return owner.Refusal;
        }

        var credential = await Find(request, grains, owner.Value, credentialId, "get");
        return credential.IsSuccess ? Show(credential.Value) : credential.Refusal;
    }

    private static async Task<Results<JsonOk<Envelope<CredentialWire>>, Refusal>> Update(
        ApiRequest request, string ownerId, string credentialId, ObjectBody<UpdateCredentialRequest> body, IGrainFactory grains)
    {
        var owner = await CredentialOwners.Find(request, grains, ownerId, "update");
        if (!owner.IsSuccess)
        {
            return owner.Refusal;
        }

        var current = await Find(request, grains, owner.Value, credentialId, "update");
        return current.IsSuccess
            ? await Replace(
                request, grains, owner.Value, credentialId, "update", current.Value, body.Fields, expectedVersion: null)
                ?? ResourceCommands.Changed(Kind, credentialId)
            : current.Refusal;
    }

    private static async Task<Results<JsonOk<Envelope<CredentialWire>>, Refusal>> Patch(
        ApiRequest request, string ownerId, string credentialId, JsonPatch patch, IGrainFactory grains)
    {
        var owner = await CredentialOwners.Find(request, grains, ownerId, "patch");
        return owner.IsSuccess
            ? await patch.Apply(
                () => Find(request, grains, owner.Value, credentialId, "patch"), CredentialWire.From, CredentialJson.Wire.CredentialWire,
                (current, fields) =>
                    Replace(request, grains, owner.Value, credentialId, "patch", current, fields, current.Version),
                ResourceCommands.Changed(Kind, credentialId))
            : owner.Refusal;
    }

    private static async Task<Results<NoContent, Refusal>> Delete(
        ApiRequest request, string ownerId, string credentialId, IGrainFactory grains)
    {
        var owner = await CredentialOwners.Find(request, grains, ownerId, "delete");
        if (!owner.IsSuccess)
        {
            return owner.Refusal;
        }

        var current = await Find(request, grains, owner.Value, credentialId, "delete");
        if (!current.IsSuccess)
        {
            return current.Refusal;
        }

        var deleted = await ResourceCommands.Delete<ICredentialGrain>(
            request, grains, Kind, credentialId, current.Value);
        return deleted.IsSuccess ? TypedResults.NoContent() : deleted.Refusal;
    }

    /// <summary>Null where the credential was changed since it was read.</summary>
    private static async Task<Results<JsonOk<Envelope<CredentialWire>>, Refusal>?> Replace(
        ApiRequest request, IGrainFactory grains, OwnerOfCredentials owner, string id, string verb, Resource current,
        JsonFields fields,
        long? expectedVersion)
    {
        var wanted = ResourceCommands.ReadWhole(
            fields, current, Kind, ServerSet, content => ReadContent(
                content, owner, current, isWhole: expectedVersion is not null));
        if (!wanted.IsSuccess)
        {
            return wanted.Refusal;
        }

        var command = ResourceCommands.ToUpdate(request, wanted.Value, verb, expectedVersion);
        var answer = await request.Command(
            () => grains.GetGrain<ICredentialGrain>(current.Id.ToString()).Update(command));
        if (ResourceCommands.Replaced(answer, Kind, id, command.Name) is not { } replaced)
        {
            return null;
        }

        return replaced.IsSuccess ? Show(replaced.Value) : replaced.Refusal;
    }

    /// <summary>Only what hangs on the owner in the path is there.</summary>
    private static async Task<Outcome<Resource>> Find(
        ApiRequest request, IGrainFactory grains, OwnerOfCredentials owner, string idOrName, string verb)
    {
        var found = await ResourceCommands.Find<ICredentialGrain>(request, grains, Kind, idOrName, verb, owner.Id);
        return found.IsSuccess && ResourceFields.Of(found.Value.Content.Credential).OwnerId != owner.Id
            ? Problems.NotFound(Kind, idOrName)
            : found;
    }

    /// <summary>
    /// A body without a config, or with the bare type that answers show, leaves the secret as it is. From a document
    /// that shows the config, as a patched one does, it was taken away.
    /// </summary>
    private static ResourceInput? ReadContent(
        JsonFields fields, OwnerOfCredentials owner, Resource? current, bool isWhole = false)
    {
        var before = current?.Content.Credential;
        if (isWhole && before?.Type is not null && !fields.Has("config"))
        {
            fields.Reject("config", "cannot be taken away: give another one, or delete the credential");
        }

        var word = CredentialWire.NameOf(owner.Type);
        if (fields.Text("owner_type") is { } given && given != word)
        {
            fields.Reject("owner_type", $"must be {word}, what the path names");
        }

        var expires = fields.Time("expires");
        var config = fields.Object("config") is { } c && !(before is not null && IsAsItIs(c, before))
            ? CredentialConfigs.Read(c)
            : null;
        if (config?.Type is { } type && before is { Type: { } made } && type != made
            && (before.Managed || before.OwnerType == CredentialOwner.Webhook))
        {
            // The webhook or the configuration that it was made for reads its secret as one of that type.
            fields.Errors.Add(new RequestError("/config/type", "body", $"must stay {made}; create another credential"));
        }

        return new ResourceInput(
            new ResourceContent
            {
                Credential = new CredentialContent
                {
                    OwnerType = owner.Type,
                    OwnerId = owner.Id,
                    Type = config?.Type ?? before?.Type,
                    ExpiresAt = expires,
                    Managed = before?.Managed ?? false,
                },
            },
            config?.Config);
    }

    /// <summary>Nothing but the type that the credential has: what answers show of a configuration.</summary>
    private static bool IsAsItIs(JsonFields config, CredentialContent stored) =>
        config.HoldsOnly("type") && (stored.Type is null || config.Text("type") is not { } type || type == stored.Type);

    private static JsonOk<Envelope<CredentialWire>> Show(Resource credential) =>
        new(new(CredentialWire.From(credential)), CredentialJson.Wire.EnvelopeCredentialWire);
}
