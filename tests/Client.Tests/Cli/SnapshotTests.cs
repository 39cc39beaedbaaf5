using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace TokenActors.Client.Tests.Cli;

/// <summary>
/// Commands one after the other against a service of their own, their output compared; <c>TOKENACTORS_UPDATE=1</c> makes the
/// files anew. Ids, times, secrets and addresses stand as words.
/// </summary>
public sealed partial class SnapshotTests(RunningService service) : IClassFixture<RunningService>
{
    private static readonly string[] Lines =
    [
        "auth status -o name", "token create deploy --permission-set viewer --life 12h --label ci --contact ops@example.com",
        "token show deploy", "token show deploy -o json", "token show deploy -o yaml", "token show deploy -o name",
        "token list --filter name[eq]deploy", "token list --filter name[eq]deploy -o json --fields id,name,primary.access.expires_at",
        "token list --filter name[eq]deploy -o yaml --fields name,labels", "token list --filter name[eq]deploy -o name",
        "token edit deploy --description nightly --clear contact", "token rotate deploy --deadline 7d -o secret", "token refresh deploy -o name",
        "token move-deadline deploy 2d -o name", "token remove-secondary deploy -o name", "token reset deploy --yes -o secret",
        "token disable deploy --fields state", "token enable deploy --fields state", "token tree deploy", "token history deploy --limit 3",
        "token usage deploy -o json", "token can deploy accounts:get", "token revoke deploy --dry-run", "token revoke deploy --yes",
        "account create acme --environment test --label gold", "account list", "account show acme -o yaml", "account edit acme --set fullname=Acme",
        "account delete acme --dry-run", "integration list", "credential list acme", "role create ops --permission-set viewer", "role list",
        "role delete ops --yes", "member list", "org show --fields name,state", "org permission-sets -o name", "policy show",
        "policy set --notice-day 10 --notice-day 2 --fields notice_days", "policy breaches", "webhook create http://127.0.0.1:9/ --name hook --type token.rotated",
        "webhook list", "audit list --limit 2 --fields event,outcome", "account delete acme --yes",
    ];

    [Fact]
    public async Task Commands_write_what_they_wrote()
    {
        using var ta = new Ta(service.Url, service.Admin);
        var text = new StringBuilder();
        foreach (var line in Lines)
        {
            var result = await ta.Run(line);
            text.Append($"$ ta {line}\n{Masked(result.Output)}");
            text.Append(result.Errors.Length > 0 ? $"! {Masked(result.Errors)}" : "").Append(result.Code != 0 ? $"= {result.Code}\n" : "").Append('\n');
        }

        var root = typeof(SnapshotTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;
        var file = Path.Combine(root, "tests/Client.Tests/Cli/Commands.txt");
        if (Environment.GetEnvironmentVariable("TOKENACTORS_UPDATE") == "1")
        {
            await File.WriteAllTextAsync(file, text.ToString());
        }

        Assert.Equal(await File.ReadAllTextAsync(file), text.ToString());
    }

    private static string Masked(string text)
    {
        text = Guids().Replace(text, "{id}");
        text = Secrets().Replace(text, "{secret}");
        text = LastFour().Replace(text, "$1{four}");
        text = Cursors().Replace(text, "--after {cursor}");
        return Times().Replace(text, "{time}");
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Guids();

    [GeneratedRegex("ta_[a-z]{3}_[0-9A-Za-z]{71}|whsec_[A-Za-z0-9+/=]+")]
    private static partial Regex Secrets();

    [GeneratedRegex(@"--after \S+")]
    private static partial Regex Cursors();

    [GeneratedRegex("(last_four[\": ]+)[0-9A-Za-z]{4}\\b")]
    private static partial Regex LastFour();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)")]
    private static partial Regex Times();
}
