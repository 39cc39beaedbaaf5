namespace TokenActors.Domain.Keys;

/// <summary>When a key may be used.</summary>
/// <param name="ActiveFrom">it encrypts from then on</param>
/// <param name="EndsAt">it encrypts until then, and decrypts for a day longer</param>
public readonly record struct KeyLife(DateTimeOffset ActiveFrom, DateTimeOffset EndsAt);

/// <summary>
/// When keys that several processes share are made: the next one so long before it is used that all of them have heard
/// of it.
/// </summary>
public static class KeySchedule
{
    /// <summary>For how long a key encrypts.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(90);

    /// <summary>How long before the last key's end the next one is made.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(14);

    /// <summary>For how long a key decrypts after its end. Nothing that it encrypted lives longer.</summary>
    public static readonly TimeSpan Reads = TimeSpan.FromDays(1);

    /// <summary>The life of the key that has to be made now; null where there are enough.</summary>
    public static KeyLife? Next(IEnumerable<KeyLife> keys, DateTimeOffset now)
    {
        DateTimeOffset? last = null;
        foreach (var key in keys)
        {
            last = last > key.EndsAt ? last : key.EndsAt;
        }

        if (last - now > Ahead)
        {
            return null;
        }

        var from = last > now ? last.Value : now;
        return new KeyLife(from, from + Life);
    }

    /// <summary>Whether nothing that a key encrypted can be live any more.</summary>
    public static bool IsOver(KeyLife key, DateTimeOffset now) => key.EndsAt + Reads <= now;
}
