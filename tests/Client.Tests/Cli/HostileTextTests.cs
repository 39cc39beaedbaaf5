using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;

namespace TokenActors.Client.Tests.Cli;

/// <summary>Texts that others chose, wherever they come out: none orders anything of a terminal, ends a line, or hides
/// what stands behind it.</summary>
public sealed class HostileTextTests
{
    private const string Escape = "\u001b[2J\u001b]0;owned\u0007";

    /// <summary>A name by which a terminal is cleared, a line is ended, or markup is begun.</summary>
    public static TheoryData<string> Names => new()
    {
        $"{Escape}nightly", "back\bspace", "carriage\rreturn", "[red]markup[/]", "[[", "[/]", "bell\u0007", "nul\0l",
        "c1\u009b31mred",
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_name_of_a_token_is_shown_and_not_obeyed(string name)
    {
        var quoted = JsonValue.Create(name).ToJsonString()[1..^1];
        var root = RefusalTests.TokenOf(quoted);
        var child = root.Replace(CommandLines.Id, "01a219b4-3ff3-7541-abb9-bc3a20e1ce98", StringComparison.Ordinal)
            .Replace("\"member_id\"", $"\"parent_id\":\"{CommandLines.Id}\",\"member_id\"", StringComparison.Ordinal);
        await using var stub = await StubService.Start((context, request) => StubService.Answer(
            context, 200, request.Target.EndsWith(CommandLines.Id, StringComparison.Ordinal)
                ? root
                : $$"""{"items":[{{child}}]}"""));
        using var ta = new Ta(stub.Url, "ta_org_secret");
        foreach (var line in (string[])[$"token show {CommandLines.Id}", "token list", $"token tree {CommandLines.Id}",
            "token list --fields name"])
        {
            var output = (await ta.Run(line)).Is(0).Output;
            Assert.True(output.All(letter => letter == '\n' || !char.IsControl(letter)), $"{line}: {output}");
            Assert.Contains(
                string.Concat(name.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter)), output,
                    StringComparison.Ordinal);
        }

        var json = JsonNode.Parse((await ta.Run($"token show {CommandLines.Id} -o json")).Is(0).Output);
        Assert.Equal(name, (string?)json?["name"]);
    }

    [Theory]
    [InlineData("Two\\nlines.")]
    [InlineData("Two\\r\\nlines.")]
    [InlineData("\\u001b[2JTwo lines.")]
    [InlineData("Two\\u0085lines.")]
    [InlineData("Two\\u2028lines.")]
    public async Task What_a_service_says_of_a_refusal_is_one_line(string detail)
    {
        await using var stub = await StubService.Start(
            400, $$"""{"detail":"{{detail}}","errors":[{"detail":"It is {{detail}}","pointer":"/a\nb"}]}""".Replace(
                "\n", "\\n", StringComparison.Ordinal));
        using var ta = new Ta(stub.Url, "ta_org_secret");
        foreach (var line in (string[])["token list", $"token revoke {CommandLines.Id} {CommandLines.Id} --yes"])
        {
            var errors = (await ta.Run(line)).Is(5).Errors;
            Assert.All(
                errors.TrimEnd('\n').Split('\n'), said => Assert.StartsWith("ta: ", said, StringComparison.Ordinal));
            Assert.DoesNotContain(
                errors, letter => letter != '\n' && (char.IsControl(letter) || letter is '\u2028' or '\u2029'));
        }
    }

    [Theory]
    [InlineData("no\nsuch")]
    [InlineData("\u001b[31mred")]
    [InlineData("tab\tbed")]
    public async Task A_name_of_the_command_line_is_told_in_one_line(string name)
    {
        await using var stub = await StubService.Start(200, """{"items":[]}""");
        using var ta = new Ta(stub.Url, "ta_org_secret");
        var errors = (await ta.Run(["token", "show", name])).Is(3).Errors;
        Assert.StartsWith("ta: There is no token ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(errors.TrimEnd('\n'), char.IsControl);
        Assert.Contains(Uri.EscapeDataString($"name[eq]{name}"), Assert.Single(stub.Asked).Target,
            StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain((await ta.Run(["no\nsuch", name])).Is(2).Errors.TrimEnd('\n'), char.IsControl);
    }

    /// <summary>Whatever names a thing stays one part of the path.</summary>
    [Theory]
    [InlineData("acme/../../lifecycle/v1/tokens")]
    [InlineData("a?dry_run=false")]
    [InlineData("a#b")]
    [InlineData("a%2Fb")]
    [InlineData("ä ö")]
    [InlineData("..%2f..")]
    [InlineData("\\..\\")]
    public async Task A_name_is_one_part_of_a_path(string name)
    {
        await using var stub = await StubService.Start((context, _) =>
        {
            var asked = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            return StubService.Answer(context, 404, $$"""{"detail":"{{Uri.EscapeDataString(asked)}}"}""");
        });
        using var ta = new Ta(stub.Url, "ta_org_secret");
        foreach (var (words, before) in new (string[], string)[]
        {
            (["account", "show", name], "/v1/accounts/"), (["account", "delete", name, "--yes"], "/v1/accounts/"),
            (["integration", "show", "acme", name], "/v1/integrations/acme/"),
            (["credential", "show", name, "key"], "/v1/credentials/"),
            (["webhook", "show", name], "/lifecycle/v1/webhooks/"), (["job", "show", name], "/lifecycle/v1/jobs/"),
        })
        {
            var asked = Uri.UnescapeDataString((await ta.Run(words)).Is(3).Errors["ta: ".Length..].Split(' ')[0]);
            Assert.StartsWith(before + Uri.EscapeDataString(name), asked, StringComparison.Ordinal);
        }
    }
}
