using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Bridges;

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(ListEnvelope<BridgeWire>))]
[JsonSerializable(typeof(Envelope<BridgeWire>))]
[JsonSerializable(typeof(Envelope<CreatedBridge>))]
[JsonSerializable(typeof(ListEnvelope<BridgeStatusWire>))]
[JsonSerializable(typeof(CreateBridgeRequest))]
[JsonSerializable(typeof(AgentReportRequest))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class BridgeJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static BridgeJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly BridgeJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
