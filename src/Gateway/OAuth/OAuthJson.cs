using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.OAuth;

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(Introspection))]
[JsonSerializable(typeof(OAuthError))]
[JsonSerializable(typeof(ServerMetadata))]
[JsonSerializable(typeof(ResourceMetadata))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class OAuthJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static OAuthJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly OAuthJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
