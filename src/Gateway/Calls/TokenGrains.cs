using System.Collections.Concurrent;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Calls;

/// <summary>
/// References to the grains of tokens, kept for those that are asked often: Orleans looks an interface's name up by reflection each time that a
/// reference is made (decision 21).
/// </summary>
internal sealed class TokenGrains(IGrainFactory grains)
{
    private const int MostKept = 50_000;

    private readonly ConcurrentDictionary<TokenId, IRefreshTokenGrain> _kept = [];
    private int _made;

    public IRefreshTokenGrain this[TokenId id] => _kept.TryGetValue(id, out var grain) ? grain : Make(id);

    private IRefreshTokenGrain Make(TokenId id)
    {
        // Counted beside the dictionary, whose own Count takes all of its locks. A reference holds no state, so that all may be dropped.
        if (Interlocked.Increment(ref _made) % MostKept == 0)
        {
            _kept.Clear();
        }

        return _kept[id] = grains.GetGrain<IRefreshTokenGrain>(id.ToString());
    }
}
