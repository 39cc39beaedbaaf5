using CsCheck;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Tokens;

/// <summary>
/// A command by its name, made for a token as it is then. The number is a small one that the command makes of what it
/// needs: how old a secret to present, how far a deadline, which idempotency key.
/// </summary>
internal sealed record HistoryCommand(string Name, Func<TokenHistory, int, MintedPair, TokenCommand> Make);

/// <summary>Time passes, a command is decided, and the newest secret may then be presented.</summary>
internal sealed record HistoryStep(TimeSpan Wait, HistoryCommand Command, int Number, bool Present)
{
    /// <summary>Long waits end most histories, so they are rare. Shrinking prefers what stands first.</summary>
    private static readonly Gen<TimeSpan> Waits = Gen.Frequency(
        (20, TimeSpan.Zero),
        (20, TimeSpan.FromSeconds(1)),
        (20, TimeSpan.FromSeconds(30)),
        (20, TimeSpan.FromSeconds(61)),
        (20, TimeSpan.FromMinutes(11)),
        (20, TimeSpan.FromHours(1)),
        (2, TimeSpan.FromHours(23)),
        (2, TimeSpan.FromDays(6)),
        (2, TimeSpan.FromDays(31)));

    private static readonly Gen<HistoryCommand> Commands = Gen.Frequency(
        Of(34, "refresh", (h, n, pair) => new TokenCommand.Refresh(h.PresentRefresh(n), pair, h.Sealed)),
        Of(4, "refresh by access", (h, n, pair) => new TokenCommand.Refresh(h.PresentAccess(n), pair, h.Sealed)),
        Of(4, "rotate", (_, _, pair) => new TokenCommand.Rotate(pair)),
        Of(4, "rotate with a deadline", (h, n, pair) => new TokenCommand.Rotate(pair, h.Now.AddMinutes(n - 1))),
        Of(4, "rotate under a key", (h, n, pair) => new TokenCommand.Rotate(pair) { Idempotency = h.Tag(n, "rotate") }),
        Of(4, "reset", (_, _, pair) => new TokenCommand.Reset(pair)),
        Of(4, "reset under a key", (h, n, pair) => new TokenCommand.Reset(pair) { Idempotency = h.Tag(n, "reset") }),
        Of(4, "replace", (_, _, pair) => new TokenCommand.Replace(pair)),
        Of(4, "replace with a deadline", (h, n, pair) => new TokenCommand.Replace(pair, h.Now.AddMinutes(n))),
        Of(4, "move the deadline", (h, n, _) => new TokenCommand.MoveDeadline(h.Now.AddMinutes(n - 2))),
        Of(4, "remove the secondary", (_, _, _) => new TokenCommand.RemoveSecondary()),
        Of(4, "set the life", (_, n, _) => new TokenCommand.SetLife(GoDuration.Of($"{n + 1}h"))),
        Of(4, "enable", (_, _, _) => new TokenCommand.Enable()),
        Of(2, "disable", (_, _, _) => new TokenCommand.Disable()),
        Of(1, "delete", (_, _, _) => new TokenCommand.Delete()),
        Of(4, "finish the cascade", (_, _, _) => new TokenCommand.FinishCascade()),
        Of(4, "describe", (_, n, _) => new TokenCommand.Describe(null, $"name {n}")),
        Of(4, "edit: replace, disable", (h, n, pair) => new TokenCommand.Edit(
            new TokenChanges { SecretVersion = h.State.SecretVersion + 1, Enabled = n == 0 ? false : null }, pair)),
        Of(4, "edit: enable, replace with a deadline", (h, n, pair) => new TokenCommand.Edit(
            new TokenChanges
            {
                SecretVersion = h.State.SecretVersion + 2, Enabled = true, Deadline = h.Now.AddMinutes(n - 1),
            },
            pair)),
        Of(4, "edit: life, deadline", (h, n, pair) => new TokenCommand.Edit(
            new TokenChanges { Life = GoDuration.Of($"{n + 1}h"), Deadline = h.Now.AddMinutes(n - 2) }, pair)),
        Of(10, "tick", (_, _, _) => new TokenCommand.Tick()));

    public static readonly Gen<HistoryStep> Any = Gen.Select(
        Waits, Commands, Gen.Int[0, 3], Gen.Bool,
        (wait, command, number, present) => new HistoryStep(wait, command, number, present));

    public override string ToString() => $"wait {Wait}, {Command.Name} ({Number}){(Present ? ", present" : "")}";

    private static (int Weight, HistoryCommand Command) Of(
        int weight, string name, Func<TokenHistory, int, MintedPair, TokenCommand> make) =>
        (weight, new HistoryCommand(name, make));
}
