using System.CommandLine;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;

namespace TokenActors.Cli.Events;

/// <summary><c>ta policy</c>.</summary>
internal static class PolicyCommands
{
    private static readonly Option<string?> LongestLife = new("--longest-life")
    {
        Description = "such as 720h; none: no bound", HelpName = "duration",
    };

    private static readonly Option<string?> DefaultLife = new("--default-life")
    {
        Description = "such as 24h; none: the kind's", HelpName = "duration",
    };

    private static readonly Option<bool?> MustExpire = new("--must-expire")
    {
        Description = "true or false", HelpName = "flag",
    };

    private static readonly Option<string[]> Kinds = new("--allow")
    {
        Description = "kind that may be made; all: every one", HelpName = "kind",
    };

    private static readonly Option<int[]> Days = new("--notice-day")
    {
        Description = "days before the end", HelpName = "number",
    };

    private static readonly Option<string?> OnLeak = new("--on-leak")
    {
        Description = "revoke, disable or notice", HelpName = "word",
    };

    public static Command Of(CommandHost host) => CommandHost.Group(
        "policy", "what the organization demands of its tokens",
        host.Verb("show", "the policy", async i => i.Show(
            await i.Client.Policy.Get(i.Cancellation).ConfigureAwait(false), Views.Policy)),
        host.Verb("set", "change parts of the policy", Set,
            [LongestLife, DefaultLife, MustExpire, Kinds, Days, OnLeak, .. CommonOptions.ForChanges]),
        host.Verb(
            "breaches", "tokens that live on against it", i => i.List(Views.Breach, i.Client.Policy.Breaches),
            CommonOptions.ForLists));

    private static async Task<ExitCode> Set(Invocation i)
    {
        var policy = await i.Client.Policy.Get(i.Cancellation).ConfigureAwait(false);
        var wanted = policy with
        {
            LongestLife = i.Has(LongestLife) ? NoneOr(i.Get(LongestLife)) : policy.LongestLife,
            DefaultLife = i.Has(DefaultLife) ? NoneOr(i.Get(DefaultLife)) : policy.DefaultLife,
            MustExpire = i.Get(MustExpire) ?? policy.MustExpire,
            AllowedKinds = i.Has(Kinds) ? AllOr(i.Get(Kinds)) : policy.AllowedKinds,
            NoticeDays = i.Has(Days) ? i.Get(Days) ?? [] : policy.NoticeDays,
            OnLeak = i.Get(OnLeak) ?? policy.OnLeak,
        };
        return await i.Change(i.Client.Policy.Set(wanted, policy.Tag ?? "*"), Views.Policy).ConfigureAwait(false);
    }

    private static string? NoneOr(string? text) => text == "none" ? null : text;

    private static string[]? AllOr(string[]? kinds) => kinds is ["all"] ? null : kinds;
}
