using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;

namespace TokenActors.Gateway.Tests.Webhooks;

/// <summary>Where a sample's program is missing, its test is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program) =>
        Skip = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(
            folder => File.Exists(Path.Combine(folder, program)))
            ? null
            : $"{program} is not installed";
}

/// <summary>The samples of <c>docs/webhooks.md</c>, cut out of it: they take what was signed a moment ago, and nothing
/// else.</summary>
public sealed partial class SampleTests : IDisposable
{
    private const string Body = """{"type":"token.rotated","data":{"name":"café ü"}}""";

    private static readonly string Root =
        typeof(SampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-sample-").FullName;

    /// <summary>A request, and whether it is to be believed.</summary>
    private sealed record Request(
        string What, bool IsGenuine, string Secret, Dictionary<string, string> Headers, string Body);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ProgramFact("node")]
    public Task Node() => Runs("js", "sample.mjs", "node", "run.mjs", """
        import { readFileSync } from 'node:fs';
        import { verify } from './sample.mjs';
        const requests = JSON.parse(readFileSync('requests.json', 'utf8'));
        console.log(JSON.stringify(requests.map(one => verify(one.secret, one.headers, one.body))));
        """);

    [ProgramFact("python3")]
    public Task Python() => Runs("python", "sample.py", "python3", "run.py", """
        import json, sample
        requests = json.load(open("requests.json", encoding="utf-8"))
        print(json.dumps([sample.verify(one["secret"], one["headers"], one["body"].encode()) for one in requests]))
        """);

    [Fact]
    public void CSharp()
    {
        var parts = Sample("csharp").Split("\n\n", 2);
        var here = Trimmed(File.ReadAllText(Path.Combine(Root, "tests/Gateway.Tests/Webhooks/VerifySample.cs")));
        Assert.Contains(Trimmed(parts[0]), here, StringComparison.Ordinal);
        Assert.Contains(Trimmed(parts[1]), here, StringComparison.Ordinal);
        Assert.All(Requests(), request =>
        {
            var headers = new HeaderDictionary(request.Headers.ToDictionary(
                h => h.Key, h => new Microsoft.Extensions.Primitives.StringValues(h.Value)));
            Assert.True(request.IsGenuine == VerifySample.Verify(request.Secret, headers, request.Body), request.What);
        });

        static string Trimmed(string text) =>
            string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
    }

    /// <summary>The package's own verification takes one signature at a time.</summary>
    [Fact]
    public void Package()
    {
        Assert.All(Requests().Where(request => !request.Headers["webhook-signature"].Contains(' ', StringComparison.Ordinal)), request =>
        {
            var headers = new HeaderDictionary(request.Headers.ToDictionary(
                h => h.Key, h => new Microsoft.Extensions.Primitives.StringValues(h.Value)));
            var refusal = Record.Exception(() => new StandardWebhook(request.Secret).Verify(request.Body, headers));
            Assert.True(request.IsGenuine == refusal is null, request.What);
        });
    }

    private async Task Runs(string language, string file, string program, string driver, string text)
    {
        var requests = Requests();
        await File.WriteAllTextAsync(Path.Combine(_folder, file), Sample(language));
        await File.WriteAllTextAsync(Path.Combine(_folder, driver), text);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "requests.json"), JsonSerializer.Serialize(requests, JsonSerializerOptions.Web));
        var start = new ProcessStartInfo(program, driver) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Longest);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        Assert.True(process.ExitCode == 0, await errors);
        var believed = JsonSerializer.Deserialize<bool[]>(await output)!;
        Assert.Equal(
            requests.Select(request => (request.What, request.IsGenuine)),
            requests.Zip(believed, (request, is_) => (request.What, is_)));
    }

    private static string Sample(string language)
    {
        var document = File.ReadAllText(Path.Combine(Root, "docs/webhooks.md"));
        return Assert.Single(Block().Matches(document), block => block.Groups["language"].Value == language).Groups["text"].Value;
    }

    private static Request[] Requests()
    {
        var (secret, other) = (NewSecret(), NewSecret());
        var now = DateTimeOffset.UtcNow;
        Request Signed(
            string what, bool isGenuine, DateTimeOffset at, string key, string? body = null, Func<string,
            string>? signature = null)
        {
            var id = $"msg_{Guid.NewGuid():N}";
            var mine = new StandardWebhook(key).Sign(id, at, Body);
            return new Request(what, isGenuine, secret, new()
            {
                ["webhook-id"] = id,
                ["webhook-timestamp"] = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                ["webhook-signature"] = signature is null ? mine : signature(mine),
            }, body ?? Body);
        }

        var moved = Signed("a timestamp that was not signed", false, now, secret);
        moved.Headers["webhook-timestamp"] = now.AddSeconds(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var renamed = Signed("an id that was not signed", false, now, secret);
        renamed.Headers["webhook-id"] = "msg_other";
        return
        [
            Signed("as it was sent", true, now, secret),
            Signed("four minutes ago", true, now.AddMinutes(-4), secret),
            Signed("under two secrets", true, now, secret, signature: mine => $"{new StandardWebhook(other).Sign("msg_x", now, Body)} {mine}"),
            Signed("another body", false, now, secret, body: Body + " "),
            Signed("an old timestamp", false, now.AddMinutes(-6), secret),
            Signed("a timestamp to come", false, now.AddMinutes(6), secret),
            Signed("another secret", false, now, other),
            Signed("another version", false, now, secret, signature: mine => "v2" + mine[2..]),
            Signed("a part of the signature", false, now, secret, signature: mine => mine[..20]),
            Signed("no base64", false, now, secret, signature: _ => "v1,*"),
            moved,
            renamed,
        ];
    }

    private static string NewSecret() => "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
