namespace TokenActors.Client.Tests.Cli;

/// <summary>A command line, in which <c>{word}</c> stands for what an earlier one wrote.</summary>
/// <param name="Line">its words, with blanks between</param>
/// <param name="As">the word under which its output is known to later ones; null: under none</param>
/// <param name="Input">on stdin</param>
internal sealed record SnapshotLine(string Line, string? As = null, string Input = "")
{
    public static implicit operator SnapshotLine(string line) => new(line);
}

/// <summary>The commands of <c>Commands.txt</c>, in order: later ones build on what earlier ones made.</summary>
internal static class SnapshotLines
{
    private const string Password = "correct horse battery";
    private const string NewPassword = "battery horse correct";

    public static IEnumerable<SnapshotLine> All => [.. Tokens, .. Jobs, .. Imports, .. Resources, .. People, .. Events];

    private static SnapshotLine[] Tokens =>
    [
        "auth status -o name",
        "token create deploy --permission-set viewer --life 12h --label ci --contact ops@example.com",
        "token show deploy", "token show deploy -o json", "token show deploy -o yaml", "token show deploy -o name",
        "token list --filter name[eq]deploy",
        "token list --filter name[eq]deploy -o json --fields id,name,primary.access.expires_at",
        "token list --filter name[eq]deploy -o yaml --fields name,labels", "token list --filter name[eq]deploy -o name",
        "token edit deploy --description nightly --clear contact", "token rotate deploy --deadline 7d -o secret",
        "token refresh deploy --yes -o name",
        "token move-deadline deploy 2d -o name", "token remove-secondary deploy -o name --yes",
        "token reset deploy --yes -o secret",
        "token disable deploy --fields state --yes", "token enable deploy --fields state", "token tree deploy",
        "token history deploy --limit 3",
        "token usage deploy -o json", "token can deploy accounts:get", "token revoke deploy --dry-run",
        "token revoke deploy --yes", new("token create probe --permission-set viewer -o secret", "secret"),
        new("token inspect --fields active,profile,scope", Input: "{secret}"), new(
            "token inspect -o name", Input: "{secret}"),
        new("token verify", Input: "{secret}"), new("token verify --scope other", Input: "{secret}"),
        "token revoke probe --yes -q",
    ];

    private static SnapshotLine[] Jobs =>
    [
        "token create one --permission-set viewer --label bulk -o name",
        "token create two --permission-set viewer --label bulk -o name",
        "token revoke --filter labels[eq]bulk --dry-run --fields plan,start_before,affected.tokens", new(
            "token revoke --filter labels[eq]bulk --dry-run -o name", "plan"),
        "token revoke --plan {plan} --dry-run -o yaml",
        new("token revoke --plan {plan} --yes --wait -q -o name", "job"), "job show {job}",
        "job show {job} -o json --fields state,total,done", "job wait {job} -q -o yaml --fields state,total,done",
        "job stop {job} -o name",
    ];

    private static SnapshotLine[] Imports =>
    [
        "import-scheme create old --prefix old_ --random-characters 32", "import-scheme list",
        "import-scheme list -o yaml",
        new("token import - --hash-keys --scheme old --permission-set viewer --dry-run", Input: "nightly old_{key}\n"),
        new("token import - --hash-keys --scheme old --permission-set viewer --wait -q -o name", "import", "nightly old_{key}\n"),
        "import show {import}", "import wait {import} -q -o json --fields state,imported,refused",
        "import results {import}",
        "import results {import} -o yaml", "import stop {import} -o name", "import-scheme delete old --yes",
        "token revoke nightly --yes",
        "import-scheme delete old --dry-run --fields change,would_change",
    ];

    private static SnapshotLine[] Resources =>
    [
        "account create acme --environment test --label gold", "account list", "account list -o json",
        "account show acme -o yaml",
        "account edit acme --set fullname=Acme", "account delete acme --dry-run", "integration list",
        new("integration create acme - --name siem --fields integration.name,token.access.secret",
            Input: """{"type":"siem_mock_siem","name":"mock"}"""),
        "integration list", "integration list --account acme -o yaml", "integration show acme siem -o json",
        "integration edit acme siem --set fullname=Watch --fields name,fullname",
        "integration delete acme siem --dry-run --fields change,affected.tokens",
        "integration delete acme siem --yes", "credential list acme",
        new("credential create acme - --name key", Input: """{"type":"token","secret":"hidden"}"""), "credential list acme",
        "credential list acme -o json", "credential show acme key -o yaml",
        "credential edit acme key --set fullname=Key --fields name,fullname",
        "credential delete acme key --yes",
    ];

    private static SnapshotLine[] People =>
    [
        "role create ops --permission-set viewer", "role list", "role list -o yaml", "role show ops -o json",
        "role edit ops --set description=operators --fields name,description", "member list",
        new("member create robot --role ops --type service", Input: Password),
        "member list -o json --fields name,state,role_binding",
        "member show robot -o yaml", "member edit robot --set fullname=Robot --fields name,fullname",
        new("auth password --organization root --name robot", Input: $"{Password}\n{NewPassword}"),
        new("auth login --profile robot --organization root --name robot", Input: NewPassword),
        "auth logout --profile robot",
        "member delete robot --dry-run --fields change,subject.kind", "member delete robot --yes",
        "role delete ops --yes",
        "org show --fields name,state", "org edit --set fullname=Root --fields name,fullname", "org list",
        "org list -o yaml",
        "org permission-sets -o name",
    ];

    private static SnapshotLine[] Events =>
    [
        "policy show", "policy set --notice-day 10 --notice-day 2 --fields notice_days", "policy breaches",
        "policy breaches -o json",
        "webhook create http://127.0.0.1:9/ --name hook --type token.rotated", new("webhook list -o name", "hook"),
        "webhook list",
        "webhook show {hook} -o yaml", "webhook edit {hook} --type token.reset --fields types",
        "webhook rotate-secret {hook} -o secret",
        "webhook test {hook} --fields count", "webhook deliveries {hook} --fields type",
        "webhook deliveries {hook} -o json --fields type",
        "webhook replay {hook} --since 1h -o yaml", "webhook disable {hook} --fields enabled,disabled_because --yes",
        "webhook redeliver {hook} 01a219b4-3ff3-7541-abb9-bc3a20e1ce99", "webhook enable {hook} --fields enabled",
        "webhook delete {hook} --dry-run",
        "webhook delete {hook} --yes", "audit list --limit 2 --fields event,outcome",
        "audit list --limit 1 -o yaml --fields event,outcome",
        "audit export --filter event[eq]policy.created", "audit verify /dev/null", "account delete acme --yes",
    ];
}
