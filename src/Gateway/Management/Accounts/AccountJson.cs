using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Accounts;

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(ListEnvelope<AccountWire>))]
[JsonSerializable(typeof(Envelope<AccountWire>))]
[JsonSerializable(typeof(Envelope<CreatedAccount>))]
[JsonSerializable(typeof(CreateAccountRequest))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class AccountJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static AccountJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly AccountJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
