using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace TokenActors.Mcp.Tests;

/// <summary>Connects as any MCP client does, and makes the tokens for it.</summary>
internal static class McpClients
{
    /// <summary>A live MCP token of this service; fields of <paramref name="more"/> stand beside the usual
    /// ones.</summary>
    public static async Task<string> McpToken(this Service service, object? more = null)
    {
        JsonObject body = new() { ["kind"] = "mcp", ["permission_set"] = "administrator" };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(more ?? new { })!.AsObject().ToList())
        {
            body[name] = value?.DeepClone();
        }

        var made = (await service.Post("/lifecycle/v1/tokens", service.Admin, body.ToJsonString())).Is(System.Net.HttpStatusCode.Created).Json;
        return (string)made["secrets"]!["access"]!;
    }

    /// <summary>One request of the protocol as it is sent, without a client.</summary>
    public static Task<Answer> Rpc(
        this Service service, string? secret, string method, object? parameters = null, params (string Name, string Value)[] headers)
    {
        JsonObject body = new()
        {
            ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = JsonSerializer.SerializeToNode(parameters ?? new { }),
        };
        return service.PostMcp(secret, body.ToJsonString(), headers);
    }

    public static Task<Answer> PostMcp(
        this Service service, string? secret, string body, params (string Name, string Value)[] headers)
    {
        List<(string, string)> all = [("Accept", "application/json, text/event-stream"), .. headers];
        if (secret is not null)
        {
            all.Add(("Authorization", "Bearer " + secret));
        }

        return service.Send(HttpMethod.Post, "/mcp", all, body);
    }

    public static async Task<McpClient> Connect(this Service service, string secret)
    {
        HttpClientTransport transport = new(
            new HttpClientTransportOptions
            {
                Endpoint = new Uri(service.Http.BaseAddress!, "/mcp"),
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer " + secret },
            });
        return await McpClient.CreateAsync(transport);
    }

    /// <summary>Calls a tool with arguments given as an anonymous object.</summary>
    public static ValueTask<CallToolResult> Call(this McpClient client, string tool, object? arguments = null) => client.CallToolAsync(
        tool,
        JsonSerializer.SerializeToNode(arguments ?? new { })!.AsObject().ToDictionary(
            field => field.Key, field => (object?)field.Value));

    /// <summary>What a call that succeeded answered.</summary>
    public static async Task<JsonObject> Answer(this McpClient client, string tool, object? arguments = null)
    {
        var result = await client.Call(tool, arguments);
        Assert.True(result.IsError is not true, TextOf(result));
        return JsonNode.Parse(result.StructuredContent!.Value.GetRawText())!.AsObject();
    }

    public static string TextOf(CallToolResult result) =>
        string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));
}
