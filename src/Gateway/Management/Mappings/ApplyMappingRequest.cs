using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using TokenActors.Domain.Mappings;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Mappings;

/// <summary>Body of apply: a chain of mappings by id or name, and the object that it is run over.</summary>
internal sealed record ApplyMappingRequest(IReadOnlyList<string> Mappings, JsonObject Data) : IRequestBody<ApplyMappingRequest>
{
    private const string DataName = "data";

    private const int MostMappings = 10;

    /// <summary>It has bounds of its own, and holds lists that are longer than any of ours.</summary>
    public static string? FreeField => DataName;

    [JsonIgnore]
    public JsonElement Input { get; private init; }

    public static ApplyMappingRequest? Read(JsonFields fields)
    {
        var mappings = fields.Texts("mappings", required: true, mayRepeat: true);
        if (mappings?.Count > MostMappings)
        {
            fields.Reject("mappings", $"must have at most {MostMappings} items");
        }

        var data = fields.Object(DataName, required: true) is null ? null : fields.Any(DataName);
        fields.RefuseUnknown();
        if (mappings is null || data is not { } input)
        {
            return null;
        }

        if (JsonMarshal.GetRawUtf8Value(input).Length > Transform.LongestInput)
        {
            fields.Reject(DataName, $"must have at most {Transform.LongestInput} bytes");
            return null;
        }

        return new ApplyMappingRequest(mappings, []) { Input = input };
    }

    /// <summary>What the chain makes of the data, or why it makes nothing. Takes processor time.</summary>
    public Outcome<JsonObject> Run(IReadOnlyList<string> texts, string? rawDataField)
    {
        try
        {
            var made = Transform.Run([.. texts.Select(Transform.Parse)], Input, rawDataField);
            return JsonNode.Parse(made) as JsonObject
                ?? throw new InvalidOperationException("a transform has made no object");
        }
        catch (TransformChainException e)
        {
            return Problems.Invalid($"/mappings/{e.Place}", "body", e.Message);
        }
        catch (TransformException e)
        {
            return Problems.Invalid($"/{DataName}", "body", e.Message);
        }
    }
}
