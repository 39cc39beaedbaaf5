using System.Net;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Usage;

namespace TokenActors.Grains.Usage;

/// <summary>
/// What this silo has seen of one token since it was last written. Any thread notes, and none waits for another: a use
/// from where the last one came is an increment and two writes. <see cref="UsageBook"/> takes it once a minute.
/// </summary>
internal sealed class TokenUse(UsageBook book, OrganizationId organization, TokenId token)
{
    private static readonly int Reasons = Enum.GetValues<TokenRefusal>().Length;

    private TokenOrigin[] _origins = [];
    private volatile TokenOrigin? _recent;
    private volatile int[]? _refused;
    private long _accepted;
    private long _lastTicks;
    private int _announced;

    public TokenId Token => token;

    /// <summary>A secret was accepted or refused.</summary>
    /// <param name="refusal">why it was refused; null where it was accepted</param>
    /// <param name="address">where it was presented; null where that is not known</param>
    /// <param name="client">the kind of client that presented it, where that is known</param>
    /// <param name="now">when</param>
    public void Note(TokenRefusal? refusal, IPAddress? address, string? client, DateTimeOffset now)
    {
        if (refusal is { } reason)
        {
            Refuse(reason);
            return;
        }

        Volatile.Write(ref _lastTicks, now.UtcTicks);
        if (book.Keeps)
        {
            Interlocked.Increment(ref _accepted);
            if (address is not null)
            {
                See(AddressPrefix.Of(address), client, now);
            }
        }

        Announce();
    }

    /// <summary>Takes what was noted, so that it begins anew.</summary>
    /// <param name="hour">in which it was counted</param>
    public TokenUsage Take(DateTimeOffset hour)
    {
        // Whoever notes from here on announces again.
        Interlocked.Exchange(ref _announced, 0);
        var lastTicks = Interlocked.Exchange(ref _lastTicks, 0);
        var origins = Interlocked.Exchange(ref _origins, []);
        _recent = null;

        // The last use came from the network that was seen at its time; a later one may have come from nowhere known.
        var from = Array.Find(origins, origin => origin.LastTicks == lastTicks);
        var counts = new UseCounts(Interlocked.Exchange(ref _accepted, 0), TakeRefused());
        return new TokenUsage(
            organization.ToString(), token.ToString(),
            lastTicks == 0
                ? null
                : new DateTimeOffset(lastTicks, TimeSpan.Zero), from?.Network.ToString(), from?.Client,
            [.. origins.Select(origin => origin.ToRow())],
            counts.Accepted == 0 && counts.Refused.Count == 0
                ? new Dictionary<DateTimeOffset, UseCounts>()
                : new Dictionary<DateTimeOffset, UseCounts> { [hour] = counts });
    }

    private void Refuse(TokenRefusal reason)
    {
        if (!book.Keeps)
        {
            return;
        }

        var refused = _refused ?? Interlocked.CompareExchange(ref _refused, new int[Reasons], null) ?? _refused;
        Interlocked.Increment(ref refused[(int)reason]);
        Announce();
    }

    private void See(AddressPrefix network, string? client, DateTimeOffset now)
    {
        if (_recent is { } recent && recent.Network == network)
        {
            recent.Touch(client, now);
            return;
        }

        SeeAnother(network, client, now);
    }

    private void SeeAnother(AddressPrefix network, string? client, DateTimeOffset now)
    {
        while (true)
        {
            var origins = Volatile.Read(ref _origins);
            if (Array.Find(origins, origin => origin.Network == network) is { } known)
            {
                known.Touch(client, now);
                _recent = known;
                return;
            }

            var added = new TokenOrigin(network, client, now);
            TokenOrigin[] kept = origins.Length < TokenUseStore.MostAddresses
                ? origins
                : [.. origins.OrderByDescending(origin => origin.LastTicks).Take(TokenUseStore.MostAddresses - 1)];
            if (Interlocked.CompareExchange(ref _origins, [.. kept, added], origins) == origins)
            {
                _recent = added;
                return;
            }
        }
    }

    private void Announce()
    {
        if (Volatile.Read(ref _announced) == 0 && Interlocked.Exchange(ref _announced, 1) == 0)
        {
            book.Announce(this);
        }
    }

    private Dictionary<string, long> TakeRefused()
    {
        Dictionary<string, long> taken = [];
        for (var reason = 0; _refused is { } refused && reason < refused.Length; reason++)
        {
            if (Interlocked.Exchange(ref refused[reason], 0) is > 0 and var count)
            {
                taken[GrainTelemetry.Words.Of((TokenRefusal)reason)] = count;
            }
        }

        return taken;
    }
}
