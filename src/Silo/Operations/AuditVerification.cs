using System.Globalization;
using TokenActors.Hosting;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage.Audit;

namespace TokenActors.Silo.Operations;

/// <summary>Checks the chain over the audit trail, and writes nothing.</summary>
internal static class AuditVerification
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(5);

    /// <param name="options">the settings</param>
    /// <param name="since">an anchor that an earlier run printed: only what came after it is read</param>
    /// <param name="unknownPeppers">peppers whose links need not be verified</param>
    /// <exception cref="InvalidOperationException">the chain is broken; the message names the first row</exception>
    public static async Task Run(ServiceOptions options, string? since, IReadOnlyList<string> unknownPeppers)
    {
        AuditAnchor? anchor = null;
        if (since is not null && !AuditAnchor.TryParse(since, out anchor))
        {
            throw new InvalidOperationException(
                $"'{since}' is not an anchor; verify-audit prints one, such as 12:ab34.");
        }

        await using var store = await OperatorStore.Open(options);
        var ring = EmbeddedSilo.Peppers(options, mayCreate: false);
        await ring.Recall(store.Peppers);
        var verifier = new AuditVerifier(store.Links, ring, TimeProvider.System);
        var verdict = await verifier.Verify(anchor, unknownPeppers.ToHashSet(), Progress());
        foreach (var (number, at) in verdict.Ahead)
        {
            Write($"Row {number} is dated {at:O}, ahead of the clock.");
        }

        if (verdict.Unverified > 0)
        {
            Write($"{verdict.Unverified} links made under {string.Join(", ", unknownPeppers)} were not verified.");
        }

        if (verdict.Broken is { } broken)
        {
            throw new InvalidOperationException($"The audit trail is broken: {broken}.");
        }

        var from = anchor is null ? "" : $" after link {anchor.Link}";
        Write($"The audit trail is whole: {verdict.Rows} rows in {verdict.Links} links{from}.");
        Write($"{verdict.Unlinked} rows are not linked yet; while silos run, these are of the last minute.");
        if ((verdict.Anchor ?? anchor) is { } next)
        {
            Write($"Anchor: {next}");
            Write($"Keep it outside of the database; --since {next} goes on from there, and finds a chain cut off.");
        }
    }

    /// <summary>Says on the error stream how far a long run is.</summary>
    private static Action<long, long> Progress()
    {
        var said = TimeProvider.System.GetTimestamp();
        return (rows, links) =>
        {
            if (TimeProvider.System.GetElapsedTime(said) > ProgressEvery)
            {
                said = TimeProvider.System.GetTimestamp();
                Console.Error.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"So far {rows} rows in {links} links are whole."));
            }
        };
    }

    private static void Write(FormattableString line) =>
        Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
