using System.Diagnostics.Metrics;
using System.Text.Json;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;

namespace TokenActors.Grains.Foundation;

/// <summary>The metrics of grains. Tags hold words of closed sets, never ids or secrets.</summary>
internal static class GrainTelemetry
{
    public const string Name = "TokenActors.Grains";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> TokenEvents =
        Meter.CreateCounter<long>(
            "tokenactors.token.events",
            "{event}",
            "Changes of tokens, by event: issued, refreshed, rotated, reuse_detected, expired, ...");

    private static readonly Counter<long> Verifications =
        Meter.CreateCounter<long>(
            "tokenactors.verifications",
            "{verification}",
            "Verifications of secrets, by outcome: accepted, or the reason of the refusal.");

    private static readonly UpDownCounter<long> Activations =
        Meter.CreateUpDownCounter<long>("tokenactors.activations", "{grain}", "Grains in memory, by kind.");

    private static readonly Histogram<double> ReminderLag =
        Meter.CreateHistogram<double>(
            "tokenactors.reminder.lag", "s", "How late reminders tick.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600] });

    public static void Happened(string happened) =>
        TokenEvents.Add(1, new KeyValuePair<string, object?>("event", happened));

    public static void Verified(TokenRefusal? refusal)
    {
        if (Verifications.Enabled)
        {
            var outcome = refusal is { } reason ? Words.Of(reason) : "accepted";
            Verifications.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    public static void Activated(string kind, int change) =>
        Activations.Add(change, new KeyValuePair<string, object?>("kind", kind));

    /// <summary>How late this process's reminders ticked lately.</summary>
    public static RecentTimes RecentTicks { get; } = new();

    public static void Ticked(TimeSpan late)
    {
        late = late > TimeSpan.Zero ? late : TimeSpan.Zero;
        ReminderLag.Record(late.TotalSeconds);
        RecentTicks.Note(late, TimeProvider.System.GetUtcNow());
    }

    /// <summary>Names of enum values as metrics and audit rows write them, made once.</summary>
    public static class Words
    {
        private static readonly Dictionary<TokenRefusal, string> Refusals = All<TokenRefusal>();
        private static readonly Dictionary<TokenEvent, string> Events = All<TokenEvent>();

        public static string Of(TokenRefusal refusal) => Refusals[refusal];

        public static string Of(TokenEvent happened) => Events[happened];

        private static Dictionary<T, string> All<T>()
            where T : struct, Enum =>
            Enum.GetValues<T>().ToDictionary(v => v, v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()));
    }
}
