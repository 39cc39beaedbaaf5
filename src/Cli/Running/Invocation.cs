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

    /// <summary>The key of the change that is on its way, for whoever interrupts it.</summary>
    public string? KeyOnTheWay { get; private set; }

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
        do
        {
            var items = await Read(list).ConfigureAwait(false);
            if (Get(CommonOptions.Watch) && terminal.IsOutputTerminal)
            {
                terminal.Screen.Clear(home: true);
            }

            Printer.List(items, view);
            await terminal.Output.FlushAsync(cancellation).ConfigureAwait(false);
        }
        while (Get(CommonOptions.Watch) && await Pause().ConfigureAwait(false));

        return ExitCode.Done;
    }

    /// <summary>One thing.</summary>
    public ExitCode Show<T>(T item, View view)
    {
        Printer.One(item, view);
        return ExitCode.Done;
    }

    /// <summary>A change, or its preview, whose answer is shown.</summary>
    /// <param name="change">not sent yet</param>
    /// <param name="view">of the answer</param>
    /// <param name="question">to be answered first, where the change takes something away</param>
    public async Task<ExitCode> Change<T>(Change<T, Preview> change, View view, string? question = null)
    {
        if (Get(CommonOptions.DryRun))
        {
            return Show(await change.Preview(cancellation).ConfigureAwait(false), Views.Preview);
        }

        if (question is not null && !Get(CommonOptions.Yes))
        {
            var preview = await change.Preview(cancellation).ConfigureAwait(false);
            Confirm($"{question}{Describe(preview.Affected)}");
        }

        return await Change((Change<T>)change, view).ConfigureAwait(false);
    }

    /// <summary>A change that has no preview.</summary>
    public async Task<ExitCode> Change<T>(Change<T> change, View view)
    {
        var answer = await Send(change).ConfigureAwait(false);
        if (answer is Done)
        {
            Note("Done.");
            return ExitCode.Done;
        }

        return Show(answer, view);
    }

    /// <summary>Sends a change under the key of the command line, or one of its own.</summary>
    public async Task<T> Send<T>(Change<T> change)
    {
        KeyOnTheWay = Get(CommonOptions.Key) ?? Guid.CreateVersion7().ToString();
        var answer = await change.Send(KeyOnTheWay, cancellation).ConfigureAwait(false);
        KeyOnTheWay = null;
        return answer;
    }

    /// <summary>A secret from the person, or a line of stdin.</summary>
    public Secret ReadSecret(string question)
    {
        var text = terminal.IsInteractive ? terminal.Ask(question, isSecret: true) : terminal.Input.ReadLine();
        return text?.Trim() is { Length: > 0 } secret
            ? new Secret(secret)
            : throw CliException.Usage("The secret comes from stdin, and there was none.");
    }

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
    public static string Describe(Affected? affected) => affected is null or { Tokens: 0 }
        ? ""
        : $" Tokens that it concerns: {affected.Tokens}{(affected.Complete ? "" : " or more")}; "
            + $"used within the last day: {affected.UsedLastDay}.";

    private async Task<IReadOnlyList<T>> Read<T>(Func<ListQuery, Listing<T>> list)
    {
        var listing = list(Query);
        if (!Get(CommonOptions.All))
        {
            var page = await listing.Page(cancellation).ConfigureAwait(false);
            if (page.Next is { } next && !Get(CommonOptions.Watch))
            {
                Note($"There is more: --all, or --after {next}");
            }

            return page.Items;
        }

        List<T> items = [];
        await foreach (var item in listing.WithCancellation(cancellation).ConfigureAwait(false))
        {
            items.Add(item);
        }

        return items;
    }

    private async Task<bool> Pause()
    {
        await Task.Delay(TimeSpan.FromSeconds(2), time, cancellation).ConfigureAwait(false);
        return true;
    }
}
