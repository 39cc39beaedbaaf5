using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Intents;

namespace TokenActors.Gateway.Lifecycle.Intents;

/// <summary>A command that waits for a person who may see the secret that it makes.</summary>
/// <param name="Id">its id</param>
/// <param name="Command"><c>rotate</c> or <c>create</c></param>
/// <param name="State"><c>open</c>, <c>collected</c> or <c>lapsed</c></param>
/// <param name="TokenId">the token that is to be rotated</param>
/// <param name="Body">of the command: of a rotation its deadline, of a new token its fields</param>
/// <param name="MadeBy">the token that it was made with</param>
/// <param name="MemberId">the member that may collect it</param>
/// <param name="CreatedAt">when it was made</param>
/// <param name="LapsesAt">until when it may be collected</param>
/// <param name="CollectedAt">when it was collected</param>
internal sealed record IntentWire(
    string Id, string Command, string State, string? TokenId, JsonObject? Body, string MadeBy, string MemberId,
    DateTimeOffset CreatedAt, DateTimeOffset LapsesAt, DateTimeOffset? CollectedAt)
{
    public const string Open = "open";
    public const string Collected = "collected";
    public const string Lapsed = "lapsed";

    public static IntentWire From(IntentView intent, DateTimeOffset now) => new(
        intent.Id.ToString(), intent.Command, StateOf(intent, now), intent.Subject?.ToString(),
        JsonNode.Parse(intent.Body) as JsonObject, intent.TokenId.ToString(), intent.MemberId.ToString(),
        intent.CreatedAt,
        intent.LapsesAt, intent.CollectedAt);

    private static string StateOf(IntentView intent, DateTimeOffset now)
    {
        if (intent.CollectedAt is not null)
        {
            return Collected;
        }

        return now < intent.LapsesAt ? Open : Lapsed;
    }
}

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(IntentWire))]
[JsonSerializable(typeof(IntentRequestWire))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class IntentWireJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static IntentWireJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly IntentWireJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
