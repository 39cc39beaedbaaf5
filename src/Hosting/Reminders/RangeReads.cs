namespace TokenActors.Hosting.Reminders;

/// <summary>
/// Reads of ranges of the ring, several in one: those that are asked for in one turn of the runtime's scheduler. The
/// read begins after all of them were asked for, so that none is answered by what was read before it.
/// </summary>
/// <param name="read">reads the entries of the grains that are wanted</param>
internal sealed class RangeReads(Func<Func<GrainId, bool>, Task<IEnumerable<ReminderEntry>>> read)
{
    private readonly Lock _lock = new();
    private List<HashRange>? _asked;
    private Task<IReadOnlyList<(uint Hash, ReminderEntry Entry)>>? _together;

    /// <returns>the entries in the range</returns>
    public async Task<IEnumerable<ReminderEntry>> Read(HashRange range) =>
        (await Joined(range)).Where(found => range.Holds(found.Hash)).Select(found => found.Entry);

    private Task<IReadOnlyList<(uint Hash, ReminderEntry Entry)>> Joined(HashRange range)
    {
        using var scope = _lock.EnterScope();
        if (_asked is not null && _together is not null)
        {
            _asked.Add(range);
            return _together;
        }

        _asked = [range];
        return _together = ReadTogether();
    }

    private async Task<IReadOnlyList<(uint Hash, ReminderEntry Entry)>> ReadTogether()
    {
        await Task.Yield();
        var asked = NoMore();
        return [.. (await read(IsAsked)).Select(entry => (entry.GrainId.GetUniformHashCode(), entry))];

        bool IsAsked(GrainId id)
        {
            var hash = id.GetUniformHashCode();
            return asked.Exists(range => range.Holds(hash));
        }
    }

    /// <summary>Whoever asks from here on waits for a read of its own; nobody but those who asked keeps this one.</summary>
    private List<HashRange> NoMore()
    {
        using var scope = _lock.EnterScope();
        var asked = _asked ?? [];
        (_asked, _together) = (null, null);
        return asked;
    }
}
