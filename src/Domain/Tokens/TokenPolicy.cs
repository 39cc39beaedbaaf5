using System.Collections.Immutable;
using TokenActors.Domain.Time;

namespace TokenActors.Domain.Tokens;

/// <summary>
/// What an organization demands of its tokens. It is asked when a token is issued and when its life is set, where what
/// it forbids is refused; a rotation, a reset and a refresh go on under it, with lives cut to it, and are refused where
/// there is nothing to cut an endless life to. Tokens that were made before live on: they are its breaches. The
/// credential of a bridge lives as long as the bridge and is not asked for.
/// </summary>
public sealed record TokenPolicy
{
    /// <summary>The most notices of one life.</summary>
    public const int MostNotices = 8;

    /// <summary>The first notice comes at most so many days before the end.</summary>
    public const int EarliestNotice = 90;

    private static readonly ImmutableArray<int> StandardNotices = [14, 7, 1];

    /// <summary>What holds where an organization says nothing.</summary>
    public static readonly TokenPolicy Standard = new();

    /// <summary>No secret is minted for longer. Null: as long as its profile allows.</summary>
    public GoDuration? LongestLife { get; init; }

    /// <summary>
    /// The life of a token for which none is asked, where its profile allows it. Null: the profile's default.
    /// </summary>
    public GoDuration? DefaultLife { get; init; }

    /// <summary>A life without an end is refused.</summary>
    public bool MustExpire { get; init; }

    /// <summary>
    /// Kinds of tokens that may be made, of <see cref="TokenKinds.Chosen"/>. Null: all. Default tokens, sessions and
    /// credentials of bridges are always made. The first pair of an imported token makes it one of another kind.
    /// </summary>
    public ImmutableArray<string>? AllowedKinds { get; init; }

    /// <summary>How many days before the end a notice is given, the first one first; each once.</summary>
    public ImmutableArray<int> NoticeDays { get; init; } = StandardNotices;

    /// <summary>Whether a new token of a profile may be made.</summary>
    public bool Allows(TokenProfile profile) =>
        AllowedKinds is not { } kinds || !CanForbid(profile) || kinds.Contains(TokenKinds.Of(profile));

    /// <summary>
    /// Whether a new token of a profile can be refused for its kind or its life. Sessions and default tokens are cut
    /// instead, or nobody could log on to undo the policy.
    /// </summary>
    public static bool CanForbid(TokenProfile profile) => TokenKinds.Chosen.Contains(TokenKinds.Of(profile));

    /// <summary>Whether a life may be asked for.</summary>
    public bool Allows(TokenProfile profile, TimeSpan life) =>
        !Concerns(profile) || (life <= (LongestLife?.Value ?? TimeSpan.MaxValue) && !(MustExpire && IsEndless(life)));

    /// <summary>Whether a life stays without an end that must have one, since no longest life cuts it.</summary>
    public bool LeavesEndless(TokenProfile profile, TimeSpan life) =>
        MustExpire && LongestLife is null && Concerns(profile) && IsEndless(life);

    /// <summary>The life of a token for which none is asked.</summary>
    public GoDuration DefaultOf(TokenProfile profile)
    {
        if (!Concerns(profile))
        {
            return profile.DefaultTtl;
        }

        var life = DefaultLife is { } own && profile.ProblemWith(own.Value) is null ? own : profile.DefaultTtl;
        return LongestLife is { } longest && longest.Value < life.Value && profile.ProblemWith(longest.Value) is null
            ? longest
            : life;
    }

    /// <summary>Until when a secret that is minted now may live.</summary>
    public DateTimeOffset EndOf(TokenProfile profile, DateTimeOffset now) =>
        LongestLife is { } longest && Concerns(profile) ? now.PlusCapped(longest.Value) : Instant.Forever;

    /// <summary>What a token that lives on is not as the policy wants it; empty where all is.</summary>
    public IReadOnlyList<PolicyBreach> BreachesOf(TokenState state) => state.DeletedAt is null
        ? BreachesOf(state.Profile, state.LifeBeganAt, state.ExpiresAt)
        : [];

    /// <param name="profile">of the token</param>
    /// <param name="lifeBeganAt">when its life was last renewed or set</param>
    /// <param name="expiresAt">when it ends</param>
    public IReadOnlyList<PolicyBreach> BreachesOf(
        TokenProfile profile, DateTimeOffset lifeBeganAt, DateTimeOffset expiresAt)
    {
        if (!Concerns(profile))
        {
            return [];
        }

        var life = expiresAt - lifeBeganAt;
        var isEndless = expiresAt >= Instant.Forever;
        return
        [
            .. Allows(profile) ? (ReadOnlySpan<PolicyBreach>)[] : [PolicyBreach.Kind],
            .. LongestLife is { } longest && life > longest.Value
                ? (ReadOnlySpan<PolicyBreach>)[PolicyBreach.Life]
                : [],
            .. MustExpire && isEndless ? (ReadOnlySpan<PolicyBreach>)[PolicyBreach.NeverExpires] : [],
        ];
    }

    /// <summary>Both policies at once: that of an organization and that of the one above it.</summary>
    public TokenPolicy Within(TokenPolicy above) => this with
    {
        LongestLife = Shorter(LongestLife, above.LongestLife),
        DefaultLife = DefaultLife ?? above.DefaultLife,
        MustExpire = MustExpire || above.MustExpire,
        AllowedKinds = (AllowedKinds, above.AllowedKinds) switch
        {
            ({ } own, { } others) => [.. own.Where(others.Contains)],
            (null, var others) => others,
            (var own, null) => own,
        },
    };

    /// <summary>Whether it demands at least what another does.</summary>
    public bool IsWithin(TokenPolicy above) =>
        Within(above) == this with { DefaultLife = DefaultLife ?? above.DefaultLife };

    public bool Equals(TokenPolicy? other) =>
        other is not null && LongestLife?.Value == other.LongestLife?.Value
        && DefaultLife?.Value == other.DefaultLife?.Value && MustExpire == other.MustExpire
        && (AllowedKinds, other.AllowedKinds) switch
        {
            (null, null) => true,
            ({ } own, { } others) => own.ToHashSet().SetEquals(others),
            _ => false,
        }
        && NoticeDays.SequenceEqual(other.NoticeDays);

    public override int GetHashCode() => HashCode.Combine(LongestLife?.Value, DefaultLife?.Value, MustExpire);

    private static bool Concerns(TokenProfile profile) => profile != TokenProfile.Bridge;

    private static bool IsEndless(TimeSpan life) => life >= GoDuration.Forever.Value;

    private static GoDuration? Shorter(GoDuration? a, GoDuration? b) =>
        a is null || (b is not null && b.Value < a.Value) ? b : a;
}

/// <summary>What of a token is not as its organization's policy wants it.</summary>
public enum PolicyBreach
{
    /// <summary>No new token of its kind may be made.</summary>
    Kind,

    /// <summary>It lives longer from its last renewal on than a new one may.</summary>
    Life,

    /// <summary>Its life has no end.</summary>
    NeverExpires,
}
