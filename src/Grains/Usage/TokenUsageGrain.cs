using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Usage;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Usage;

namespace TokenActors.Grains.Usage;

/// <summary>Reads what was noted of tokens' uses. Owns nothing.</summary>
[StatelessWorker]
[GrainType("token-usage")]
public sealed class TokenUsageGrain(TokenUseStore store, UsageSettings settings) : Grain, ITokenUsageGrain
{
    public async Task<TokenUsageView> Of(TokenId token, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var id = token.ToString();
        var hours = await store.Hours(id, from).UntilCanceled(cancellationToken);
        var addresses = await store.Addresses(id).UntilCanceled(cancellationToken);
        return new TokenUsageView
        {
            Hours = [.. hours.Where(hour => hour.Start >= from).Select(View)],
            Addresses = [.. addresses.Select(View)],
            Last = (await LastUses([token], cancellationToken)) is [var last] ? last : null,
            IsKept = settings.IsKept,
        };
    }

    public async Task<ImmutableArray<TokenLastUse>> LastUses(
        ImmutableArray<TokenId> tokens, CancellationToken cancellationToken) =>
        [.. (await store.LastUses([.. tokens.Select(id => id.ToString())]).UntilCanceled(cancellationToken)).Select(View)];

    internal static TokenLastUse View(LastTokenUse use) =>
        new() { TokenId = TokenId.Parse(use.TokenId), At = use.At, Address = use.Address, Client = use.Client };

    private static TokenHourView View(TokenHour hour) => new()
    {
        Start = hour.Start,
        Accepted = hour.Counts.Accepted,
        Refused =
        [
            .. hour.Counts.Refused.OrderBy(reason => reason.Key, StringComparer.Ordinal)
                .Select(reason => new RefusalCount { Reason = reason.Key, Count = reason.Value }),
        ],
    };

    private static TokenAddressView View(TokenAddress address) => new()
    {
        Address = address.Address, Client = address.Client, FirstAt = address.FirstAt, LastAt = address.LastAt,
    };
}
