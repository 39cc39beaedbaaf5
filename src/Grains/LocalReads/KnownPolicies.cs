
using TokenActors.Grains.Abstractions.ResourceModel;
namespace TokenActors.Grains.LocalReads;

/// <summary>An organization's policy, and that of the one above it.</summary>
internal sealed class KnownPolicies
{
    private (PolicyContent? Content, long Version) _own;
    private (PolicyContent? Content, long Version) _above;

    /// <summary>Both at once; null where nothing is demanded. The same object until one of them changes.</summary>
    public PolicyContent? Current { get; private set; }

    /// <summary>Notes the organization's own as of a version; an older one than what is known changes
    /// nothing.</summary>
    public bool NoteOwn(PolicyContent? content, long version) => Note(ref _own, content, version);

    /// <summary>The same of what holds in the organization above.</summary>
    public bool NoteAbove(PolicyContent? content, long version) => Note(ref _above, content, version);

    private bool Note(ref (PolicyContent? Content, long Version) known, PolicyContent? content, long version)
    {
        if (known.Version > version)
        {
            return false;
        }

        known = (content, version);
        Current = (_own.Content, _above.Content) switch
        {
            (null, null) => null,
            (var own, null) => own,
            (var own, { } above) => (own ?? new PolicyContent()).Within(above),
        };
        return true;
    }
}
