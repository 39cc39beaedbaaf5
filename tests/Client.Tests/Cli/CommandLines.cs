namespace TokenActors.Client.Tests.Cli;

/// <summary>A line for each command that asks the service something, whatever that answers.</summary>
internal static class CommandLines
{
    public const string Id = "01a219b4-3ff3-7541-abb9-bc3a20e1ce99";

    /// <summary>They look, and change nothing.</summary>
    public static readonly string[] Reads =
    [
        "auth status", "token list", "token list --all", $"token show {Id}", "token show nightly", $"token tree {Id}",
        $"token history {Id}", $"token usage {Id}", $"token can {Id} accounts:get", "token inspect", "token verify",
        $"job show {Id}", $"job wait {Id}", $"import show {Id}", $"import wait {Id}", $"import results {Id}",
        "import-scheme list", "account list", "account show acme", "member list", "member show anna", "role list",
        "role show viewer", "integration list", "integration list --account acme", "integration show acme desk",
        "credential list acme", "credential show acme key", "org show", "org list", "org permission-sets",
        "audit list", "audit verify {export}", "webhook list", $"webhook show {Id}", $"webhook deliveries {Id}",
        "policy show", "policy breaches", "cluster",
    ];

    /// <summary>They change something, and can say before what would happen.</summary>
    public static readonly string[] Previewed =
    [
        "token create --permission-set viewer", $"token edit {Id} --description d", $"token rotate {Id} --yes",
        $"token move-deadline {Id} 2d", $"token remove-secondary {Id} --yes", $"token refresh {Id} --yes",
        $"token reset {Id} --yes", $"token disable {Id} --yes", $"token enable {Id}", "token import {lines}",
        $"token revoke {Id} --yes", "token revoke --filter labels[eq]ci --yes", $"token revoke --plan {Id} --yes",
        "import-scheme create old --prefix old_ --length 30", "import-scheme delete old --yes", "account create acme",
        "account edit acme --set fullname=A", "account delete acme --yes", "member create anna",
        "member edit anna --set fullname=A", "member delete anna --yes", "role create ops --permission-set viewer",
        "role edit ops --set fullname=A", "role delete ops --yes", "integration create acme {config}",
        "integration edit acme desk --set fullname=A", "integration delete acme desk --yes",
        "org edit --set fullname=A", "policy set --on-leak revoke", "webhook create https://hooks.example.com/",
        $"webhook edit {Id} --name hook", $"webhook delete {Id} --yes", $"webhook rotate-secret {Id}",
        $"webhook enable {Id}", $"webhook disable {Id} --yes",
    ];

    /// <summary>They change something at once.</summary>
    public static readonly string[] Changes =
    [
        $"job stop {Id}", $"import stop {Id}", "credential create acme {config}",
        "credential edit acme key --set fullname=A", "credential delete acme key --yes", $"webhook test {Id}",
        $"webhook redeliver {Id} {Id}", $"webhook replay {Id} --since 1h",
        "auth login --organization root --name anna", "auth password --organization root --name anna",
    ];

    /// <summary>Each tenth of them, others with another number.</summary>
    public static IEnumerable<string> Tenth(this IEnumerable<string> lines, int number) =>
        lines.Where((_, at) => at % 10 == number % 10);

    /// <summary>Runs a line, with files for it to read, a line on stdin, and never a wait of minutes.</summary>
    public static async Task<TaResult> RunLine(this Ta ta, string line)
    {
        foreach (var (name, content) in new[]
        {
            ("export", "{\"number\":1}\n"), ("lines", "{\"name\":\"a\"}\n"), ("config", "{\"type\":\"token\"}"),
        })
        {
            var path = ta.PathOf(name);
            line = line.Replace($"{{{name}}}", path, StringComparison.Ordinal);
            await File.WriteAllTextAsync(path, content);
        }

        return await ta.Run(line.Split(' '), "correct horse battery\nbattery horse correct\n").WaitAsync(
            TimeSpan.FromSeconds(30));
    }
}
