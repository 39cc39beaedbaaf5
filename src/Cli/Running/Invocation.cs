using System.CommandLine;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Client;

namespace TokenActors.Cli.Running;

/// <summary>One run of one command.</summary>
/// <param name="parsed">the command line</param>
/// <param name="terminal">where it reads and writes</param>
/// <param name="connect">makes the client once it is needed</param>
/// <param name="time">the clock</param>
/// <param name="cancellation">Ctrl-C</param>
internal sealed class Invocation(
    ParseResult parsed, Terminal terminal, Func<Invocation, TokenActorsClient> connect, TimeProvider time, CancellationToken cancellation)
{
    private TokenActorsClient? _client;

    public Terminal Terminal => terminal;

    public TimeProvider Time => time;

    public CancellationToken Cancellation => cancellation;

    public TokenActorsClient Client => _client ??= connect(this);

    public Printer Printer => new(terminal, Get(CommonOptions.Output), Get(CommonOptions.Fields));

    public bool IsQuiet => Get(CommonOptions.Quiet);

    /// <summary>
    /// Words of the command line that another run would take for something else, as a name that is over or <c>7d</c>,
    /// with what they mean now.
    /// </summary>
    public Dictionary<string, string> Meant { get; } = new(StringComparer.Ordinal);

    /// <summary>How the change that is on its way is repeated, for whoever interrupts it; null: none is.</summary>
    public string? Repetition { get; private set; }

    public T? Get<T>(Option<T> option) => parsed.GetResult(option) is null ? default : parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    /// <summary>An argument that may be left out.</summary>
    public T? Find<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>The page that is asked for.</summary>
    public ListQuery Query => new()
    {
        Filters = Get(CommonOptions.Filter) ?? [],
        Order = Get(CommonOptions.Order) ?? [],
        Limit = Get(CommonOptions.Limit),
        After = Get(CommonOptions.After),
    };

    /// <summary>Whether the command line says something of an option.</summary>
    public bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>A note for the person, which is no data.</summary>
    public void Note(string text)
    {
        if (!IsQuiet)
        {
            terminal.Error.WriteLine(text);
        }
    }

    /// <summary>A list: one page, all pages, or again and again.</summary>
    public async Task<ExitCode> List<T>(View view, Func<ListQuery, Listing<T>> list)
    {
        Printer.Demand<T>();
        do
        {
            var printer = Printer.Begin(view);
            await foreach (var page in Pages(list(Query)).ConfigureAwait(false))
            {
                printer.Page(page);
                await terminal.Output.FlushAsync(cancellation).ConfigureAwait(false);
            }

            printer.End();
            await terminal.Output.FlushAsync(cancellation).ConfigureAwait(false);
        }
        while (Get(CommonOptions.Watch) && await Pause().ConfigureAwait(false));

        return ExitCode.Done;
    }

    /// <summary>One thing.</summary>
    public ExitCode Show<T>(T item, View view)
    {
        Printer.Demand<T>();
        Printer.One(item, view);
        return ExitCode.Done;
    }

    /// <summary>A change, or its preview, whose answer is shown.</summary>
    /// <param name="change">not sent yet</param>
    /// <param name="view">of the answer</param>
    /// <param name="question">to be answered first, where the change takes something away</param>
    public Task<ExitCode> Change<T>(Change<T, Preview> change, View view, string? question = null) =>
        Change(change, view, question is null ? null : _ => question);

    /// <summary>The same, where the question depends on what would happen.</summary>
    /// <param name="change">not sent yet</param>
    /// <param name="view">of the answer</param>
    /// <param name="questionOf">what to ask, null for nothing; null itself where nothing is looked at first</param>
    public async Task<ExitCode> Change<T>(Change<T, Preview> change, View view, Func<Preview, string?>? questionOf)
    {
        if (Get(CommonOptions.DryRun))
        {
            var seen = await change.Preview(cancellation).ConfigureAwait(false);
            if (seen.EndsFormer is { } former)
            {
                Note($"ta: the former pair, which is accepted until {former.EndsAt:u}, would end at once.");
            }

            return Show(seen, Views.Preview);
        }

        if (questionOf is not null && !Get(CommonOptions.Yes))
        {
            var preview = await change.Preview(cancellation).ConfigureAwait(false);
            if (questionOf(preview) is { } question)
            {
                Confirm($"{question}{Describe(preview.Affected)}");
            }
        }

        return await Change((Change<T>)change, view).ConfigureAwait(false);
    }

    /// <summary>A change that has no preview.</summary>
    public async Task<ExitCode> Change<T>(Change<T> change, View view)
    {
        Printer.Demand<T>();
        var key = Get(CommonOptions.Key) ?? Guid.CreateVersion7().ToString();
        var answer = await Send(change, key, null).ConfigureAwait(false);
        if (answer is Done)
        {
            Note("Done.");
            return ExitCode.Done;
        }

        try
        {
            Show(answer, view);
            await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return ExitCode.Done;
        }
        catch (IOException e) when (Printer.ShowsSecret(answer, view))
        {
            throw new CliException(
                ExitCode.Failed,
                $"It was done, but its secret could not be written: {e.Message.TrimEnd('.')}. The service gives it again for ten minutes. {AdviceOf(key)}");
        }
        catch (OutputFailedException e)
        {
            throw new CliException(
                ExitCode.Failed, $"It was done, but what it answered could not be written: {e.Message}");
        }
    }

    /// <summary>Sends a change under the key of the command line, or one of its own.</summary>
    /// <param name="change">not sent yet</param>
    /// <param name="repetition">what to do where its outcome is unknown; null: the same command under the same
    /// key</param>
    public Task<T> Send<T>(Change<T> change, string? repetition = null) =>
        Send(change, Get(CommonOptions.Key) ?? Guid.CreateVersion7().ToString(), repetition);

    private async Task<T> Send<T>(Change<T> change, string key, string? repetition)
    {
        Repetition = repetition ?? AdviceOf(key);
        try
        {
            var answer = await change.Send(key, cancellation).ConfigureAwait(false);
            Repetition = null;
            return answer;
        }
        catch (OutcomeUnknownException e)
        {
            var advice = repetition is null && e.IdempotencyKey is null ? Failures.LookFirst : Repetition;
            throw new CliException(ExitCode.OutcomeUnknown, $"{e.Detail} {advice}");
        }
    }

    private string AdviceOf(string key) => TakesKey ? Failures.RepeatUnder(key, Meant) : Failures.LookFirst;

    /// <summary>A secret of the service from the person, or a line of stdin: no blank around it is part of
    /// it.</summary>
    public Secret ReadSecret(string question) => SecretOf(Answer(question)?.Trim());

    /// <summary>A password, whose blanks are part of it (RFC 8265, OpaqueString); a line end is not.</summary>
    public Secret ReadPassword(string question) => SecretOf(Answer(question));

    private string? Answer(string question) =>
        terminal.IsInteractive ? terminal.Ask(question, isSecret: true) : terminal.Input.ReadLine();

    private static Secret SecretOf(string? text) => text is { Length: > 0 }
        ? new Secret(text)
        : throw CliException.Usage("The secret comes from stdin, and there was none.");

    /// <summary>Goes on where the person says yes.</summary>
    public void Confirm(string question)
    {
        if (Get(CommonOptions.Yes))
        {
            return;
        }

        if (!terminal.IsInteractive)
        {
            throw CliException.Usage($"{question} Nobody can be asked here: say --yes, or --dry-run to look first.");
        }

        if (!terminal.Agrees(question))
        {
            throw new CliException(ExitCode.Interrupted, "Nothing was changed.");
        }
    }

    /// <summary>How many tokens hang on something, in words.</summary>
    public static string Describe(Affected? affected) => affected is null or { Tokens: 0, Staying: 0 }
        ? ""
        : $" Tokens that it concerns: {affected.Tokens}{(affected.Complete ? "" : " or more")}; "
            + $"used within the last day: {affected.UsedLastDay}."
            + (affected.Staying == 0 ? "" : $" Tokens that were made with them and stay: {affected.Staying}.");

    private bool TakesKey => parsed.CommandResult.Command.Options.Contains(CommonOptions.Key);

    /// <summary>The pages that are asked for, each as it comes: nothing holds all of them.</summary>
    private async IAsyncEnumerable<IReadOnlyList<T>> Pages<T>(Listing<T> listing)
    {
        var isFirst = true;
        await foreach (var page in listing.Pages(cancellation).ConfigureAwait(false))
        {
            if (isFirst && Get(CommonOptions.Watch) && terminal.IsOutputTerminal)
            {
                terminal.Screen.Clear(home: true);
            }

            isFirst = false;
            yield return page.Items;
            if (Get(CommonOptions.All))
            {
                continue;
            }

            if (page.Next is { } next && !Get(CommonOptions.Watch))
            {
                Note($"There is more: --all, or --after {next}");
            }

            yield break;
        }
    }

    private async Task<bool> Pause()
    {
        await Task.Delay(TimeSpan.FromSeconds(2), time, cancellation).ConfigureAwait(false);
        return true;
    }
}
