using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Organizations;

namespace TokenActors.Grains.LocalReads;

/// <summary>
/// A token as other threads see it: its last committed state, swapped whole after each commit. It is never changed;
/// what follows from it is worked out once, by whichever thread asks first.
/// </summary>
internal sealed class PublishedToken(TokenState state)
{
    private OwnerStatusQuery? _owner;

    public TokenState State => state;

    /// <summary>
    /// What its organization is asked at every verification. Two threads may make it at once: then they make the
    /// same.
    /// </summary>
    public OwnerStatusQuery Owner => _owner ??= new OwnerStatusQuery
    {
        MemberId = state.MemberId,
        Roles = state.Binding is GrantBinding.Roles roles ? roles.Names : [],
        Ancestors = state.Ancestors,
        Within = state.Within,
    };
}
