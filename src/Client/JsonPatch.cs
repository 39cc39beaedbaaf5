using System.Text.Json.Nodes;

namespace TokenActors.Client;

/// <summary>A change of some fields of a resource (RFC 6902).</summary>
public sealed class JsonPatch
{
    internal JsonArray Operations { get; } = [];

    /// <summary>Gives a field a value, whether it has one or not.</summary>
    /// <param name="path">JSON Pointer, such as <c>/fullname</c></param>
    /// <param name="value">the new value</param>
    public JsonPatch Set(string path, JsonNode? value)
    {
        Operations.Add((JsonNode)new JsonObject { ["op"] = "add", ["path"] = path, ["value"] = value });
        return this;
    }

    /// <summary>Takes a field away.</summary>
    /// <param name="path">JSON Pointer</param>
    public JsonPatch Remove(string path)
    {
        Operations.Add((JsonNode)new JsonObject { ["op"] = "remove", ["path"] = path });
        return this;
    }

    /// <summary>Holds the change off (400) where a field has another value.</summary>
    /// <param name="path">JSON Pointer</param>
    /// <param name="value">that the field must have</param>
    public JsonPatch Test(string path, JsonNode? value)
    {
        Operations.Add((JsonNode)new JsonObject { ["op"] = "test", ["path"] = path, ["value"] = value });
        return this;
    }
}
