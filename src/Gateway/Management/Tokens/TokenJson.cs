using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(Envelope<RefreshTokenWire>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<RefreshTokenWire>>))]
[JsonSerializable(typeof(Envelope<TokenWire>))]
[JsonSerializable(typeof(CreateTokenRequest))]
[JsonSerializable(typeof(CreateMcpTokenRequest))]
[JsonSerializable(typeof(CreateIntegrationTokenRequest))]
[JsonSerializable(typeof(CreateSynqlyIntegrationsTokenRequest))]
[JsonSerializable(typeof(Envelope<SynqlyIntegrationsToken>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class TokenJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static TokenJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly TokenJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
