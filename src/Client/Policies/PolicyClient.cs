using System.Text.Json.Serialization;
using TokenActors.Client.Http;

namespace TokenActors.Client.Policies;

/// <summary>What an organization demands of its tokens.</summary>
public sealed record Policy
{
    /// <summary>No secret is minted for longer; null: as long as its kind allows.</summary>
    public string? LongestLife { get; init; }

    /// <summary>The life of a token for which none is asked; null: the kind's.</summary>
    public string? DefaultLife { get; init; }

    /// <summary>A life without an end is refused.</summary>
    public bool MustExpire { get; init; }

    /// <summary>Only these kinds are made; null: all are.</summary>
    public IReadOnlyList<string>? AllowedKinds { get; init; }

    /// <summary>How many days before the end of a token notices are sent.</summary>
    public IReadOnlyList<int> NoticeDays { get; init; } = [14, 7, 1];

    /// <summary>What a reported leak does: <c>revoke</c>, <c>disable</c> or <c>notice</c>.</summary>
    public string OnLeak { get; init; } = "revoke";

    /// <summary>The version, for <c>If-Match</c>.</summary>
    [JsonIgnore]
    public string? Tag { get; init; }
}

/// <summary>A token that lives on against the policy.</summary>
/// <param name="Id">the token</param>
/// <param name="Name">its name</param>
/// <param name="Kind">its kind</param>
/// <param name="MemberId">the member behind it</param>
/// <param name="RenewedAt">when its life began</param>
/// <param name="ExpiresAt">when it ends</param>
/// <param name="LastUsedAt">its last use</param>
/// <param name="Breaches">what it breaches</param>
public sealed record Breach(
    string Id, string Name, string Kind, string MemberId, DateTimeOffset RenewedAt, DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    IReadOnlyList<string> Breaches);

/// <summary><c>/lifecycle/v1/policy</c>.</summary>
public sealed class PolicyClient
{
    private const string Root = $"{ApiGroup.Lifecycle}/policy";

    private readonly ApiGroup _api;

    internal PolicyClient(ApiGroup api) => _api = api;

    /// <summary>The policy, with its <see cref="Policy.Tag"/>.</summary>
    /// <param name="cancellation">ends the call</param>
    public Task<Policy> Get(CancellationToken cancellation = default) => Read(ApiCall.Get(Root), cancellation);

    /// <summary>Replaces all of the policy.</summary>
    /// <param name="policy">what it is to be</param>
    /// <param name="tag">the <see cref="Policy.Tag"/> that the change was made from; 412 where it is another by
    /// now</param>
    public Change<Policy, Preview> Set(Policy policy, string tag) => _api.Previewed(
        new ApiCall(HttpMethod.Put, Root) { Safety = RepeatSafety.ByKey, IfMatch = tag }.With(policy, ApiGroup.Json.Policy), Read);

    /// <summary>Tokens that live on against the policy.</summary>
    /// <param name="query">filters, order and page, as of tokens; null: all</param>
    public Listing<Breach> Breaches(ListQuery? query = null) =>
        _api.Listing(ApiCall.Get($"{Root}/breaches"), query, ApiGroup.Json.PageBreach);

    private async Task<Policy> Read(ApiCall call, CancellationToken cancellation)
    {
        var (policy, tag) = await _api.Connection.ReadTagged(
            call, ApiGroup.Json.Policy, cancellation).ConfigureAwait(false);
        return policy with { Tag = tag };
    }
}
