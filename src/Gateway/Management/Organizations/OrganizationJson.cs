using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Organizations;

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(Envelope<OrganizationWire>))]
[JsonSerializable(typeof(ListEnvelope<OrganizationWire>))]
[JsonSerializable(typeof(Envelope<CreatedOrganization>))]
[JsonSerializable(typeof(CreateOrganizationRequest))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class OrganizationJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static OrganizationJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly OrganizationJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
