using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using TokenActors.Client;
using TokenActors.Client.Tokens;

namespace TokenActors.Mcp.Foundation;

/// <summary>How tools read and write: names as on the wire of the APIs, and no secret in any shape.</summary>
internal static class ToolJson
{
    public static readonly JsonSerializerOptions Options = Make();

    private static JsonSerializerOptions Make()
    {
        JsonSerializerOptions options = new(McpJsonUtilities.DefaultOptions)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

            // A restriction that is ignored would make a wider token.
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutSecrets } },
        };
        options.Converters.Insert(
            0, new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.MakeReadOnly();
        return options;
    }

    /// <summary>A shape that has a place for a secret loses it, here and in the schema that is told of it.</summary>
    private static void LeaveOutSecrets(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i].PropertyType is var held && (held == typeof(Secret) || held == typeof(TokenSecrets)))
            {
                type.Properties.RemoveAt(i);
            }
        }
    }
}
