namespace TokenActors.Hosting.Reminders;

/// <summary>Hashes in (begin, end] on the ring; all of them where both are equal.</summary>
internal readonly record struct HashRange(uint Begin, uint End)
{
    /// <summary>Whether the hash is in the range.</summary>
    public bool Holds(uint hash) => Begin < End ? hash > Begin && hash <= End : hash > Begin || hash <= End;
}
