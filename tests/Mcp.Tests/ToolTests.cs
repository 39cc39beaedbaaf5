namespace TokenActors.Mcp.Tests;

public sealed class ToolTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task A_client_of_the_protocol_lists_tools_and_searches_tokens()
    {
        await using var client = await service.Connect(await service.McpToken());
        var tools = await client.ListToolsAsync();
        Assert.Contains(tools, tool => tool.Name == "token_search");
        foreach (var tool in tools)
        {
            Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(tool.ProtocolTool));
        }
        var found = await client.Answer("token_search", new { filter = new[] { "kind[eq]mcp" }, limit = 3 });
        Console.WriteLine(found.ToJsonString());
        Console.WriteLine(McpClients.TextOf(await client.Call("token_search", new { filter = new[] { "kin[eq]mcp" } })));
        Console.WriteLine(McpClients.TextOf(await client.Call("token_search", new { filter = "a" })));
        Console.WriteLine(McpClients.TextOf(await client.Call("token_get", new { })));
    }
}
