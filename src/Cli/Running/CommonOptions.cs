using System.CommandLine;
using TokenActors.Cli.Output;

namespace TokenActors.Cli.Running;

/// <summary>Options that every command takes, and those that all lists or all changes take.</summary>
internal static class CommonOptions
{
    public static readonly Option<string?> Profile = new("--profile", "-p")
    {
        Description = "profile of the configuration (TOKENACTORS_PROFILE)", Recursive = true, HelpName = "name",
    };

    public static readonly Option<string?> Url = new("--url")
    {
        Description = "where the service is (TOKENACTORS_URL)", Recursive = true, HelpName = "url",
    };

    public static readonly Option<OutputFormat> Output = new("--output", "-o")
    {
        Description = "table, json, yaml, name or secret", Recursive = true, HelpName = "format",
    };

    public static readonly Option<string?> Fields = new("--fields")
    {
        Description = "only these fields, such as id,primary.access.expires_at", Recursive = true, HelpName = "fields",
    };

    public static readonly Option<bool> Quiet = new("--quiet", "-q")
    {
        Description = "nothing on stderr but errors", Recursive = true,
    };

    public static readonly Option<string[]> Filter = new("--filter", "-f")
    {
        Description = "field[operator]value, such as state[eq]active; may be repeated", HelpName = "filter",
    };

    public static readonly Option<string[]> Order = new("--order")
    {
        Description = "field[asc] or field[desc]; may be repeated", HelpName = "order",
    };

    public static readonly Option<int?> Limit = new("--limit")
    {
        Description = "items of a page", HelpName = "number",
    };

    public static readonly Option<string?> After = new("--after")
    {
        Description = "where to go on, as the page before said", HelpName = "cursor",
    };

    public static readonly Option<bool> All = new("--all", "-a") { Description = "all pages" };

    public static readonly Option<bool> Watch = new("--watch", "-w") { Description = "list again every two seconds" };

    public static readonly Option<bool> DryRun = new("--dry-run") { Description = "say what would happen, and change nothing" };

    public static readonly Option<bool> Yes = new("--yes", "-y") { Description = "do not ask" };

    public static readonly Option<string?> Key = new("--idempotency-key")
    {
        Description = "repeat a change whose outcome is unknown", HelpName = "key",
    };

    public static Option[] ForAll => [Profile, Url, Output, Fields, Quiet];

    public static Option[] ForLists => [Filter, Order, Limit, After, All, Watch];

    public static Option[] ForPages => [Limit, After, All, Watch];

    public static Option[] ForChanges => [DryRun, Key];

    public static Option[] ForDangers => [DryRun, Key, Yes];
}
