using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Mappings;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Mappings;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Mappings;

/// <summary><c>/v1/mappings</c>.</summary>
internal sealed class MappingKind : IResourceKind<MappingWire>
{
    public static string Kind => "mapping";

    public static ListSchema Schema => ResourceLists.Mappings;

    public static bool Counts => true;

    public static JsonTypeInfo<MappingWire> WireType => MappingJson.Wire.MappingWire;

    public static JsonTypeInfo<Envelope<MappingWire>> OneType => MappingJson.Wire.EnvelopeMappingWire;

    public static JsonTypeInfo<ListEnvelope<MappingWire>> ListType => MappingJson.Wire.ListEnvelopeMappingWire;

    public static MappingWire ToWire(Resource resource) => MappingWire.From(resource);

    public static ResourceInput? ReadContent(JsonFields fields, Resource? current)
    {
        if (current is not null)
        {
            ResourceFields.SameAs(fields, "organization_id", current.OrganizationId.ToString());
        }

        if (fields.Text("data", required: true, Http.BodyRules.LongestText) is not { } data)
        {
            return null;
        }

        try
        {
            Transform.Parse(data);
        }
        catch (TransformException e)
        {
            fields.Reject("data", e.Message);
            return null;
        }

        return new ResourceInput(new ResourceContent { Mapping = new MappingContent { Data = data } });
    }
}

internal static class MappingEndpoints
{
    private const string RawDataFlag = "include_raw_data";

    /// <summary>Where the data that came in stands in what is made, as in an event of OCSF.</summary>
    private const string RawDataField = "raw_data";

    public static void MapMappings(this RouteGroupBuilder v1)
    {
        var mappings = v1.MapResource("/mappings", "mappings");
        mappings.MapCrud<MappingKind, IMappingGrain, MappingWire>("mappings", "mappings", "mappingId", Create, List);
        mappings.MapPost("/apply", Apply).Needs("mappings:apply")
            .Asks(RawDataFlag, JsonSchemaType.Boolean, $"puts data into the result's {RawDataField}")
            .WithName("mappings_apply");
    }

    /// <summary>Items have no <c>data</c>.</summary>
    private static async Task<Results<JsonList<ListEnvelope<MappingBaseWire>>, Refusal>> List(
        ApiRequest request, ListQuery<MappingKind> query, IGrainFactory grains)
    {
        var page = await ResourceCommands.List(request, query, grains, MappingKind.Kind);
        return page.IsSuccess
            ? new JsonList<ListEnvelope<MappingBaseWire>>(
                new([.. (page.Value.Resources ?? []).Select(MappingBaseWire.From)], page.Value.Total),
                MappingJson.Wire.ListEnvelopeMappingBaseWire)
            : page.Refusal;
    }

    private static async Task<Results<JsonCreated<Envelope<CreatedMapping>>, Refusal>> Create(
        ApiRequest request, ObjectBody<CreateMappingRequest> body, IGrainFactory grains, TimeProvider time)
    {
        var mapping = await ResourceHandlers<MappingKind, IMappingGrain, MappingWire>.Create(
            request, body.Fields, grains, time);
        return mapping.IsSuccess
            ? new JsonCreated<Envelope<CreatedMapping>>(
                new(new(MappingWire.From(mapping.Value))), MappingJson.Wire.EnvelopeCreatedMapping)
            : mapping.Refusal;
    }

    /// <summary>Runs a chain of stored mappings over an object. Nothing is stored.</summary>
    private static async Task<Results<JsonOk<Envelope<AppliedMapping>>, Refusal>> Apply(
        ApiRequest request, Body<ApplyMappingRequest> body, IGrainFactory grains, TransformGate gate)
    {
        var flags = QueryValues.Of(request.Http.Request.Query, RawDataFlag);
        if (flags is not ([] or [_]) || (flags is [var flag] && !bool.TryParse(flag, out _)))
        {
            return Problems.Invalid(RawDataFlag, "query", "must be true or false");
        }

        List<string> texts = [];
        foreach (var (i, name) in body.Value.Mappings.Index())
        {
            var found = await MappingReferences.Find(request, grains, name, "apply");
            if (!found.IsSuccess)
            {
                return found.Refusal is { StatusCode: StatusCodes.Status404NotFound }
                    ? Problems.Invalid($"/mappings/{i}", "body", MappingReferences.Unknown)
                    : found.Refusal;
            }

            texts.Add(ResourceFields.Of(found.Value.Content.Mapping).Data);
        }

        var rawField = flags is [var given] && bool.Parse(given) ? RawDataField : null;
        var run = await gate.Run(
            request.Bearer.OrganizationId, () => body.Value.Run(texts, rawField), request.Aborted);
        if (run is not { } made)
        {
            return Problems.TooManyRequests(TransformGate.Wait);
        }

        return made.IsSuccess
            ? new JsonOk<Envelope<AppliedMapping>>(
                new(new AppliedMapping(made.Value)), MappingJson.Wire.EnvelopeAppliedMapping)
            : made.Refusal;
    }
}
