using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using TokenActors.Mcp.Foundation;

namespace TokenActors.Mcp.Tests;

/// <summary>Nothing that a tool answers holds a secret.</summary>
public sealed partial class SecrecyTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task No_answer_of_any_tool_holds_a_secret()
    {
        var admin = await service.McpToken();
        var token = await service.Create("viewer");
        List<string> minted = [service.Admin, admin, token.Access, token.Refresh];
        var rotated = (await service.Post($"/lifecycle/v1/tokens/{token.Id}/rotate", service.Admin, new { })).Is(HttpStatusCode.OK).Json;
        minted.AddRange([(string)rotated["secrets"]!["access"]!, (string)rotated["secrets"]!["refresh"]!]);

        // People write secrets where they do not belong: names and addresses refuse them.
        var refused = await service.Post(
            "/lifecycle/v1/tokens", service.Admin, new { permission_set = "viewer", full_name = minted[4] });
        var careless = await service.Post(
            "/lifecycle/v1/webhooks", service.Admin, new { url = $"https://hooks.example.com/{minted[4]}?was={minted[2]}" });
        var hook = (await service.Post("/lifecycle/v1/webhooks", service.Admin, new { url = "https://hooks.example.com/x" })).Is(HttpStatusCode.Created).Json;
        minted.Add((string)hook["secret"]!);
        await using var client = await service.Connect(admin);
        var wish = await client.Answer("token_rotate", new { id = token.Id });
        var collected = (await service.Post($"/lifecycle/v1/intents/{wish["id"]}/collect", service.Admin, null, "k")).Is(HttpStatusCode.OK).Json;
        minted.AddRange([(string)collected["secrets"]!["access"]!, (string)collected["secrets"]!["refresh"]!]);
        var plan = (string)(await client.Answer("revoke_preview", new { filter = new[] { $"id[eq]{token.Id}" } }))["plan"]!;
        Dictionary<string, object?> values = new()
        {
            ["id"] = token.Id, ["filter"] = null, ["order"] = null, ["limit"] = 50, ["days"] = 7, ["action"] = "tokens:get", ["life"] = "36h",
            ["command"] = "rotate", ["plan"] = plan, ["delivery"] = "msg_x", ["token"] = new { permission_set = "viewer", description = minted[2] },
            ["rows"] = new[] { new { number = 1, at = "2030-01-01T00:00:00Z", code = minted[3] } },
        };
        var tools = (await client.ListToolsAsync()).OrderBy(tool => tool.Name == "token_revoke").ToList();
        List<string> answers = [];
        foreach (var tool in tools)
        {
            answers.Add(await Ask(client, tool, values));
            answers.Add(await Ask(client, tool, values, ("id", (string)hook["id"]!)));
            answers.Add(await Ask(client, tool, values, ("id", (string?)wish["id"])));
            answers.Add(await Ask(
                client, tool, values, ("id", minted[2]), ("filter", new[] { $"name[eq]{minted[3]}" }),
                ("cursor", minted[1])));
        }

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (refused.Status, careless.Status));
        Assert.Equal(4 * tools.Count, answers.Count);
        Assert.All(answers, answer =>
        {
            Assert.DoesNotMatch(SecretOfOurs(), answer);
            Assert.All(minted, secret => Assert.DoesNotContain(secret, answer));
        });
    }

    /// <summary>However it is written: with escapes of JSON, with percent signs, as a name, within an error.</summary>
    [Fact]
    public void Every_leaf_is_masked_and_json_stays_json()
    {
        var secret = service.Admin;
        var escaped = string.Concat(secret.Select(c => $"\\u{(int)c:x4}"));
        var percent = Uri.EscapeDataString(secret).Replace("_", "%5F") + "%22%7D";
        var json = $$"""{"a":"{{escaped}}","b":["{{percent}}",{"{{secret}}":1}],"n":12,"t":true,"x":null,"plain":"100%25 \"quoted\""}""";
        var masked = Secrecy.Masked(new CallToolResult
        {
            StructuredContent = JsonDocument.Parse(json).RootElement.Clone(),
            Content = [new TextContentBlock { Text = json }, new TextContentBlock { Text = $"it was {secret}!" }],
        });
        var texts = masked.Content.OfType<TextContentBlock>().Select(block => block.Text).ToList();
        foreach (var node in new[] { JsonNode.Parse(masked.StructuredContent!.Value.GetRawText()), JsonNode.Parse(texts[0]) })
        {
            var leaves = $"{node!["a"]} {node["b"]![0]} {node["b"]![1]!.AsObject().Single().Key}";
            Assert.DoesNotContain(secret, Uri.UnescapeDataString(leaves));
            Assert.Equal(
                (12, true, null, "100%25 \"quoted\""),
                ((int)node["n"]!, (bool)node["t"]!, (string?)node["x"], (string?)node["plain"]));
        }

        Assert.DoesNotContain(secret, texts[1]);
        var whole = """{"kept":"as it is","é":1}""";
        Assert.Equal(whole, ((TextContentBlock)Secrecy.Masked(new CallToolResult { Content = [new TextContentBlock { Text = whole }] }).Content[0]).Text);
    }

    private static async Task<string> Ask(
        McpClient client, McpClientTool tool, Dictionary<string, object?> values, params (string Name, object? Value)[] others)
    {
        Dictionary<string, object?> arguments = [];
        foreach (var parameter in tool.ProtocolTool.InputSchema.GetProperty("properties").EnumerateObject())
        {
            var other = others.FirstOrDefault(given => given.Name == parameter.Name).Value;
            if ((other ?? values.GetValueOrDefault(parameter.Name)) is { } value)
            {
                arguments[parameter.Name] = value;
            }
        }

        try
        {
            return JsonSerializer.Serialize(await client.CallToolAsync(tool.Name, arguments));
        }
        catch (ModelContextProtocol.McpException e)
        {
            return e.ToString();
        }
    }

    [GeneratedRegex("(ta_[a-z]+_|cfast_|bf[gtwu]_|whsec_)[0-9A-Za-z]{20,}")]
    private static partial Regex SecretOfOurs();
}
