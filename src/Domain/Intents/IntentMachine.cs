using TokenActors.Domain.Identity;

namespace TokenActors.Domain.Intents;

/// <summary>
/// The transitions of an intent. Each gives the next state, the same where nothing changes, or null where it is
/// refused.
/// </summary>
public static class IntentMachine
{
    /// <summary>For how long one may be collected.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromMinutes(5);

    /// <summary>For how long its collector is answered again: as long as idempotent answers are kept.</summary>
    public static readonly TimeSpan AnsweredFor = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Takes it for one collector, and for good: the command that follows is carried out once under the collector's
    /// key.
    /// The same collector under the same key takes it again, for a while; everybody else is refused.
    /// </summary>
    public static Intent? Collect(Intent current, TokenId collector, string key, DateTimeOffset now) =>
        current.Collector switch
        {
            null when now < current.LapsesAt => Taken(current, new IntentCollector(collector, key, now)),
            { } taken when taken.TokenId == collector && taken.Key == key && now < current.DueAt => current,
            _ => null,
        };

    private static Intent Taken(Intent current, IntentCollector collector) =>
        current with { Collector = collector, UpdatedAt = collector.At, Version = current.Version + 1 };
}
