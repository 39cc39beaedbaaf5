using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Mappings;

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(ListEnvelope<MappingBaseWire>))]
[JsonSerializable(typeof(ListEnvelope<MappingWire>))]
[JsonSerializable(typeof(Envelope<MappingWire>))]
[JsonSerializable(typeof(Envelope<CreatedMapping>))]
[JsonSerializable(typeof(Envelope<AppliedMapping>))]
[JsonSerializable(typeof(CreateMappingRequest))]
[JsonSerializable(typeof(ApplyMappingRequest))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class MappingJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static MappingJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly MappingJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
