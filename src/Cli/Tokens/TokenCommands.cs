using System.CommandLine;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Imports;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;
using TokenActors.Client;
using TokenActors.Client.Tokens;

namespace TokenActors.Cli.Tokens;

/// <summary><c>ta token</c>.</summary>
internal static class TokenCommands
{
    private const string FormerEnds = "The former pair will end at once.";

    private static readonly Option<string?> Deadline = new("--deadline")
    {
        Description = "until when the former pair works: 7d, 12h or a time", HelpName = "time",
    };

    private static readonly Argument<string> Until = new("deadline") { Description = "7d, 12h or a time" };

    public static Command Of(CommandHost host) => CommandHost.Group(
        "token", "tokens of every kind",
        [
            .. TokenReads.Of(host),
            .. TokenEdits.Of(host),
            host.Verb("rotate", "make a new pair; the former works on, until its own end, the deadline or the next rotation", Rotate,
                [TokenNames.Token, Deadline, .. CommonOptions.ForDangers]),
            host.Verb("move-deadline", "change until when the former pair works", MoveDeadline,
                [TokenNames.Token, Until, .. CommonOptions.ForDangers]),
            host.Verb("remove-secondary", "end the former pair at once",
                i => Run(i, (tokens, id) => tokens.RemoveSecondary(id), FormerEnds),
                [TokenNames.Token, .. CommonOptions.ForDangers]),
            host.Verb("refresh", "make a new pair, as an administrator; the former works on, until its own end or the next rotation", i => RunForPair(i, (tokens, id) => tokens.Refresh(id)),
                [TokenNames.Token, .. CommonOptions.ForDangers]),
            host.Verb("reset", "make a new pair after which nothing earlier works",
                i => Run(i, (tokens, id) => tokens.Reset(id), "Nothing earlier of this token will work."),
                [TokenNames.Token, .. CommonOptions.ForDangers]),
            host.Verb("disable", "let no secret of it work until it is enabled",
                i => Run(i, (tokens, id) => tokens.Disable(id), "No secret of this token will work until it is enabled."),
                [TokenNames.Token, .. CommonOptions.ForDangers]),
            host.Verb("enable", "let it work again", i => Run(i, (tokens, id) => tokens.Enable(id)),
                [TokenNames.Token, .. CommonOptions.ForChanges]),
            CollectCommand.Of(host),
            ImportCommand.Of(host),
            RevokeCommand.Of(host),
            .. SecretCommands.Of(host),
        ]);

    private static Task<ExitCode> Rotate(Invocation invocation)
    {
        var deadline = Times.Parse(invocation.Get(Deadline), invocation);
        return deadline <= invocation.Time.GetUtcNow() && !MayRepeat(invocation)
            ? throw CliException.Usage(
                $"The deadline {deadline:u} is past, so that the former pair would end at once. "
                + "Where that is meant: rotate without a deadline, then ta token remove-secondary.")
            : RunForPair(invocation, (tokens, id) => tokens.Rotate(id, deadline));
    }

    /// <summary>Also into the past, which is said and asked, so that a slip is seen.</summary>
    private static Task<ExitCode> MoveDeadline(Invocation invocation)
    {
        var deadline = Times.Parse(invocation.Get(Until), invocation) ?? invocation.Time.GetUtcNow();
        var isPast = deadline <= invocation.Time.GetUtcNow();
        if (isPast)
        {
            invocation.Note($"ta: {deadline:u} is past: the former pair ends at once.");
        }

        return Run(
            invocation, (tokens, id) => tokens.MoveDeadline(id, deadline),
            isPast && !MayRepeat(invocation) ? FormerEnds : null);
    }

    /// <summary>Under a key that was given: the deadline may have been ahead when it was sent first.</summary>
    private static bool MayRepeat(Invocation invocation) => invocation.Get(CommonOptions.Key) is not null;

    /// <summary>
    /// What ends a former pair that is accepted still is asked first, unless it is a repetition: the pair that is
    /// accepted then is the one that was to stay.
    /// </summary>
    private static async Task<ExitCode> RunForPair(
        Invocation invocation, Func<TokensClient, string, Change<Token, Preview>> command)
    {
        var id = await TokenNames.IdOf(invocation).ConfigureAwait(false);
        return await invocation.Change(
            command(invocation.Client.Tokens, id), Views.Token, MayRepeat(invocation) ? null : QuestionOf).ConfigureAwait(false);
    }

    private static string? QuestionOf(Preview preview) => preview.EndsFormer is { } former
        ? $"The former pair, which is accepted until {former.EndsAt:u}, will end at once."
        : null;

    private static async Task<ExitCode> Run(
        Invocation invocation, Func<TokensClient, string, Change<Token, Preview>> command, string? question = null)
    {
        var id = await TokenNames.IdOf(invocation).ConfigureAwait(false);
        return await invocation.Change(
            command(invocation.Client.Tokens, id), Views.Token, question).ConfigureAwait(false);
    }
}
