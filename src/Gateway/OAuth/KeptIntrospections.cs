using System.Runtime.CompilerServices;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.OAuth;

/// <summary>
/// What was said of tokens that are asked about again and again. A token's grain in this process gives one and the same
/// verification for as long as nothing changes of what it was made of, and of the same one the same is said. An answer
/// is kept from the second time on, so that those which are made for one request alone are not kept alive. Each place
/// is one token's at a time, and threads do not wait for each other: what one of them overwrites is made again.
/// </summary>
internal sealed class KeptIntrospections
{
    private const int Places = 4_096;

    private readonly int[] _seen = new int[Places];
    private readonly Kept?[] _kept = new Kept?[Places];

    private sealed record Kept(Verification Verification, Introspection Said);

    /// <summary>What was said of this very verification; null where it is not kept.</summary>
    public Introspection? Find(TokenId id, Verification verification) =>
        Volatile.Read(ref _kept[PlaceOf(id)]) is { } kept && ReferenceEquals(kept.Verification, verification)
            ? kept.Said
            : null;

    /// <summary>Keeps what was said, if it is the second time that it was made.</summary>
    public void Note(TokenId id, Verification verification, Introspection said)
    {
        var (place, identity) = (PlaceOf(id), RuntimeHelpers.GetHashCode(verification));
        if (_seen[place] == identity)
        {
            Volatile.Write(ref _kept[place], new Kept(verification, said));
        }
        else
        {
            _seen[place] = identity;
        }
    }

    private static int PlaceOf(TokenId id) => id.GetHashCode() & (Places - 1);
}
