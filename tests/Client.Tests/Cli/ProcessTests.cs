using TokenActors.Client.Tokens;

namespace TokenActors.Client.Tests.Cli;

/// <summary>The real program with pipes and signals.</summary>
[Collection("service")]
public sealed class ProcessTests(RunningService service) : IDisposable
{
    private readonly Ta _ta = new(service.Url, service.Admin);

    public void Dispose() => _ta.Dispose();

    [Fact]
    public async Task A_reader_that_leaves_ends_it_quietly()
    {
        using var process = _ta.Start("token", "list", "--watch", "-o", "name");
        Assert.NotNull(await process.StandardOutput.ReadLineAsync());
        process.StandardOutput.Close();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(deadline.Token);
        Assert.Equal((0, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync()));
    }

    [InterruptFact]
    public async Task Ctrl_C_ends_it_with_130()
    {
        using var process = _ta.Start("token", "list", "--watch", "-o", "name");
        Assert.NotNull(await process.StandardOutput.ReadLineAsync());
        Ta.Signal(process, "INT");
        Assert.Equal("", (await _ta.Finish(process)).Is(130).Errors);
    }

    [Fact]
    public async Task Run_hands_the_secret_to_a_command_and_ends_as_it_ends()
    {
        using var process = _ta.Start("run", "--", "sh", "-c", "printf '%s %s' \"$TA_TOKEN\" \"$TA_URL\"; exit 9");
        var result = (await _ta.Finish(process)).Is(9);
        Assert.Equal($"{service.Admin} {service.Url.AbsoluteUri.TrimEnd('/')}", result.Output);
        using var missing = _ta.Start("run", "--", "/no/such/program");
        Assert.Single((await _ta.Finish(missing)).Is(127).Errors.TrimEnd().Split('\n'));
    }

    /// <summary>A supervisor's reload is for the program: <c>ta</c> would leave it without a parent.</summary>
    [HangUpFact]
    public async Task Run_passes_a_hang_up_on_and_goes_on()
    {
        using var process = _ta.Start("run", "--", "sh", "-c", "trap 'echo again' HUP; echo ready; while :; do sleep 0.1; done");
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());
        for (var i = 0; i < 2; i++)
        {
            Ta.Signal(process, "HUP");
            Assert.Equal("again", await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        }

        Ta.Signal(process, "TERM");
        (await _ta.Finish(process)).Is(143);
    }

    [Fact]
    public async Task Completion_knows_commands_and_options_in_four_shells()
    {
        foreach (var shell in new[] { "bash", "zsh", "fish", "pwsh" })
        {
            Assert.Contains("[suggest:", (await _ta.Run($"completion {shell}")).Is(0).Output, StringComparison.Ordinal);
        }

        using var process = _ta.Start("[suggest:14]", "ta token rotat");
        Assert.Contains("rotate", (await _ta.Finish(process)).Is(0).Output, StringComparison.Ordinal);
        using var option = _ta.Start("[suggest:25]", "ta token rotate deploy --d");
        Assert.Contains("--deadline", (await _ta.Finish(option)).Is(0).Output, StringComparison.Ordinal);
    }

    /// <summary>A shell compares letters as they are typed.</summary>
    [Theory]
    [InlineData("ta token list -o j", "json")]
    [InlineData("ta token list --output ", "json name secret table yaml")]
    [InlineData("ta --output y", "yaml")]
    [InlineData("ta agent run --format ", "env json text")]
    [InlineData("ta completion b", "bash")]
    [InlineData("ta token rotat", "rotate")]
    public async Task Bash_completes_what_is_documented(string line, string words)
    {
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", $$"""
            ta() { dotnet '{{Path.Combine(AppContext.BaseDirectory, "ta.dll")}}' "$@"; }
            eval "$(ta completion bash)"
            COMP_LINE="$1"; COMP_POINT=${#COMP_LINE}
            read -ra COMP_WORDS <<< "$COMP_LINE"; [[ "$COMP_LINE" == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _ta; printf '%s\n' "${COMPREPLY[@]}"
            """, "bash", line])
        {
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("no bash");
        var found = await shell.StandardOutput.ReadToEndAsync();
        Assert.Equal(
            words.Split(' '),
            found.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).ToArray());
    }

    [Fact]
    public async Task Output_goes_behind_what_a_file_holds()
    {
        var made = await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer" }).Send();
        var file = _ta.PathOf("out");
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "sh", ["-c", $"{{ echo first; dotnet '{Path.Combine(AppContext.BaseDirectory, "ta.dll")}' token show {made.Id} -o name; echo last; }} > '{file}'"])
        {
            Environment = { ["TOKENACTORS_URL"] = service.Url.AbsoluteUri, ["TOKENACTORS_TOKEN"] = service.Admin },
        })!;
        await shell.WaitForExitAsync();
        Assert.Equal($"first\n{made.Id}\nlast\n", await File.ReadAllTextAsync(file));
    }

    [InterruptFact]
    public async Task Listen_posts_what_happens_to_a_program_on_this_machine()
    {
        using var listener = new System.Net.HttpListener();
        var port = FreePort();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        using var process = _ta.Start("webhook", "listen", "--forward-to", $"http://127.0.0.1:{port}/hook", "--type", "member.updated", "--type", "token.issued");
        var secret = (await process.StandardError.ReadLineAsync())!.Split(' ')[2];
        var made = await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer" }).Send();
        await service.Client.Tokens.Patch(made.Id, new TokenPatch { Description = "no event" }, "*").Send();
        var member = await service.Client.Members.Get((await service.Client.Session.Identity()).Token.MemberId);
        await service.Client.Members.Patch(member.Id, new JsonPatch().Set("/fullname", $"Other {Guid.NewGuid():N}")).Send();
        List<string> told = [];
        while (!told.Contains($"member.updated {member.Id}"))
        {
            var context = await listener.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(30));
            var body = await new StreamReader(context.Request.InputStream).ReadToEndAsync();
            new StandardWebhooks.StandardWebhook(secret).Verify(body, Headers(context.Request));
            context.Response.StatusCode = 204;
            context.Response.Close();
            var happened = System.Text.Json.Nodes.JsonNode.Parse(body)!;
            told.Add($"{happened["type"]} {happened["data"]!["id"]}");
        }

        Assert.Equal([$"token.issued {made.Id}", $"member.updated {member.Id}"], told);
        Assert.Contains(
            "204", await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)),
            StringComparison.Ordinal);
        Ta.Signal(process, "INT");
        (await _ta.Finish(process)).Is(130);
    }

    private static Microsoft.AspNetCore.Http.HeaderDictionary Headers(System.Net.HttpListenerRequest request)
    {
        var headers = new Microsoft.AspNetCore.Http.HeaderDictionary();
        foreach (var name in new[] { "webhook-id", "webhook-timestamp", "webhook-signature" })
        {
            headers[name] = request.Headers[name];
        }

        return headers;
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
