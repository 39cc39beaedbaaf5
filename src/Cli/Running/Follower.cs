using Spectre.Console;

namespace TokenActors.Cli.Running;

/// <summary>
/// Follows something that goes on by itself to its end, with progress on stderr: a bar for a person, and lines where
/// there is news for a log.
/// </summary>
/// <param name="invocation">the run of a command</param>
/// <param name="command">the command that looks and stops, e.g. <c>job</c></param>
/// <param name="what">what it is, e.g. <c>The job</c></param>
/// <param name="doing">what it does</param>
/// <param name="over">how many things had their turn, and how many there are</param>
internal sealed class Follower<T>(
    Invocation invocation, string command, string what, string doing, Func<T, (int Over, int Total)> over)
    where T : class
{
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    /// <summary>The last look. Ctrl-C ends the waiting, and nothing else.</summary>
    public async Task<T> ToEnd(string id, IAsyncEnumerable<T> looks)
    {
        try
        {
            return invocation.IsQuiet || !invocation.Terminal.IsInteractive
                ? await Each(looks, Note).ConfigureAwait(false)
                : await invocation.Terminal.Status.Progress()
                    .Columns(
                        new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                        new RemainingTimeColumn())
                    .StartAsync(progress => InBar(looks, progress.AddTask(doing))).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await invocation.Terminal.Error.WriteLineAsync(
                $"ta: {what} goes on. Look with: ta {command} wait {id}; stop it with: ta {command} stop {id}").ConfigureAwait(false);
            throw;
        }
    }

    private Task<T> InBar(IAsyncEnumerable<T> looks, ProgressTask bar) => Each(looks, (look, _) =>
    {
        var (had, total) = over(look);
        (bar.MaxValue, bar.Value) = (Math.Max(1, total), had);
        bar.Description = $"{had} of {total}";
    });

    private void Note(T look, bool hasNews)
    {
        if (hasNews)
        {
            var (had, total) = over(look);
            invocation.Note($"{had} of {total}");
        }
    }

    private async Task<T> Each(IAsyncEnumerable<T> looks, Action<T, bool> see)
    {
        T? last = null;
        await foreach (var look in looks.ConfigureAwait(false))
        {
            see(look, last is null || over(last).Over != over(look).Over);
            last = look;
        }

        return last ?? throw new InvalidOperationException("it is seen once at least");
    }
}
