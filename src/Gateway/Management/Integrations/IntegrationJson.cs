using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Integrations;

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(ListEnvelope<IntegrationWire>))]
[JsonSerializable(typeof(Envelope<IntegrationWire>))]
[JsonSerializable(typeof(Envelope<CreatedIntegration>))]
[JsonSerializable(typeof(UpdatedIntegration))]
[JsonSerializable(typeof(VerifiedIntegration))]
[JsonSerializable(typeof(CreateIntegrationRequest))]
[JsonSerializable(typeof(VerifyIntegrationRequest))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class IntegrationJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static IntegrationJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly IntegrationJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
