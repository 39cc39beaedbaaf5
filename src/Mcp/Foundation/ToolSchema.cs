using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace TokenActors.Mcp.Foundation;

/// <summary>
/// The schemas of tools, as their answers are written: what is null is left out, so that it is not required.
/// </summary>
internal static class ToolSchema
{
    public static readonly AIJsonSchemaCreateOptions Options = new()
    {
        TransformSchemaNode = (_, node) => WithOptionalNulls(node),
    };

    private static JsonNode WithOptionalNulls(JsonNode node)
    {
        if (node is not JsonObject schema || schema["properties"] is not JsonObject properties
            || schema["required"] is not JsonArray required)
        {
            return node;
        }

        JsonArray demanded =
        [
            .. required.Where(name => !MayBeNull(properties[(string?)name ?? ""])).Select(name => name?.DeepClone()),
        ];
        if (demanded.Count == 0)
        {
            schema.Remove("required");
        }
        else
        {
            schema["required"] = demanded;
        }

        return schema;
    }

    private static bool MayBeNull(JsonNode? schema) =>
        schema?["type"] is JsonArray types && types.Any(type => (string?)type == "null");
}
