using TokenActors.Storage.Records;

namespace TokenActors.Grains.Foundation;

/// <summary>What a grain knows of the due time that its row holds, and whether the runtime was told of it.</summary>
internal sealed class KnownDue
{
    private string? _told;

    public DateTimeOffset? At { get; set; }

    /// <summary>The row was read: its tag may be one that was registered before.</summary>
    public void Read(StoredRecord row) => _told = row.CommandId;

    /// <summary>
    /// The tag under which a commit stored the due time, for the registration that follows; null where there is none
    /// that was not told yet.
    /// </summary>
    /// <param name="command">the id of the command that wrote the row last</param>
    public string? TakeTag(string? command)
    {
        var tag = At is not null && command != _told ? command : null;
        _told = command;
        return tag;
    }
}
