using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(LifecycleToken))]
[JsonSerializable(typeof(LifecycleTokenPage))]
[JsonSerializable(typeof(TokenChangesWire))]
[JsonSerializable(typeof(CanAnswer))]
[JsonSerializable(typeof(TokenUsageWire))]
[JsonSerializable(typeof(NewTokenWire))]
[JsonSerializable(typeof(RotateTokenRequest))]
[JsonSerializable(typeof(MoveDeadlineRequest))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class LifecycleTokenJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static LifecycleTokenJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly LifecycleTokenJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
