using System.Collections.Frozen;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace TokenActors.Mcp.Hosting;

/// <summary>
/// The shapes of the parameters of requests: what has another one is the client's mistake, which the library answers as
/// a fault of the server and logs with its stack.
/// </summary>
internal static class RequestShapes
{
    private const string Whole = "$";

    private static readonly FrozenDictionary<string, Type> Shapes = new Dictionary<string, Type>
    {
        [RequestMethods.Initialize] = typeof(InitializeRequestParams),
        [RequestMethods.ToolsList] = typeof(ListToolsRequestParams),
        [RequestMethods.ToolsCall] = typeof(CallToolRequestParams),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What is wrong with the parameters of a request, in words for who sent it; null where nothing
    /// is.</summary>
    /// <param name="method">that is called</param>
    /// <param name="parameters">as they were sent; undefined where there are none</param>
    public static string? ProblemWith(string method, JsonElement parameters)
    {
        if (!Shapes.TryGetValue(method, out var shape))
        {
            return null;
        }

        if (parameters.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return method == RequestMethods.ToolsList ? null : Words(method, place: null);
        }

        try
        {
            return parameters.Deserialize(McpJsonUtilities.DefaultOptions.GetTypeInfo(shape))
                is null or CallToolRequestParams { Name: null }
                    ? Words(method, place: null)
                    : null;
        }
        catch (JsonException e)
        {
            return Words(method, e.Path);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is no text.
            return Words(method, place: null);
        }
    }

    private static string Words(string method, string? place)
    {
        var shape = method == RequestMethods.ToolsCall
            ? "tools/call takes the parameters {\"name\": a tool's name, \"arguments\": an object}"
            : $"the parameters are not of the shape that the protocol gives those of {method}";
        return place is null or Whole ? shape : $"{shape}; look at {place}";
    }
}
