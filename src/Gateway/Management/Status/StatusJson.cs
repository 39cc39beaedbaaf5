using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Status;

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(ListEnvelope<StatusWire>))]
[JsonSerializable(typeof(Envelope<StatusWire>))]
[JsonSerializable(typeof(ListEnvelope<StatusEventWire>))]
[JsonSerializable(typeof(Envelope<TimeseriesWire>))]
[JsonSerializable(typeof(StatusReportRequest))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class StatusJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static StatusJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly StatusJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
