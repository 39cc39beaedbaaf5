using System.Collections.Concurrent;
using TokenActors.Domain.Identity;

namespace TokenActors.Gateway.Lifecycle.Revocations;

/// <summary>How many streams a token has open in this gateway.</summary>
internal sealed class StreamLimit
{
    public const int MostOfToken = 4;

    private readonly ConcurrentDictionary<TokenId, int> _open = [];

    public bool TryEnter(TokenId token)
    {
        if (_open.AddOrUpdate(token, 1, (_, open) => open + 1) <= MostOfToken)
        {
            return true;
        }

        Leave(token);
        return false;
    }

    public void Leave(TokenId token)
    {
        var left = _open.AddOrUpdate(token, 0, (_, open) => open - 1);
        if (left == 0)
        {
            // Only where nobody entered meanwhile.
            _open.TryRemove(new(token, 0));
        }
    }
}
