using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Roles;

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(ListEnvelope<RoleWire>))]
[JsonSerializable(typeof(Envelope<RoleWire>))]
[JsonSerializable(typeof(CreateRoleRequest))]
[JsonSerializable(typeof(ListEnvelope<PermissionSetWire>))]
[JsonSerializable(typeof(Envelope<PermissionSetWire>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class RoleJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static RoleJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly RoleJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
