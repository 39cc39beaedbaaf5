using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Jobs;

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(ListEnvelope<OperationWire>))]
[JsonSerializable(typeof(ListEnvelope<ExecutionWire>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class JobJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static JobJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly JobJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
