using System.Collections.Immutable;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;

namespace TokenActors.Grains.Abstractions.ResourceModel;

/// <summary>What an organization demands of its tokens; see <see cref="TokenPolicy"/>.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.PolicyContent")]
public sealed record PolicyContent
{
    /// <summary>No secret is minted for longer; Go-style. Null: as long as its kind allows.</summary>
    [Id(0)] public string? LongestLife { get; init; }

    /// <summary>The life of a token for which none is asked; Go-style. Null: the kind's.</summary>
    [Id(1)] public string? DefaultLife { get; init; }

    /// <summary>A life without an end is refused.</summary>
    [Id(2)] public bool MustExpire { get; init; }

    /// <summary>Kinds of tokens that may be made, see <see cref="TokenKinds.Chosen"/>. Null: all.</summary>
    [Id(3)] public ImmutableArray<string>? AllowedKinds { get; init; }

    /// <summary>How many days before the end a notice is given. Null: 14, 7 and 1.</summary>
    [Id(4)] public ImmutableArray<int>? NoticeDays { get; init; }

    /// <summary>What happens to a token that is reported as leaked. Null: it is revoked.</summary>
    [Id(5)] public string? OnLeak { get; init; }

    /// <summary>The policy as the token machine takes it.</summary>
    /// <exception cref="FormatException">a duration is none</exception>
    public TokenPolicy ToPolicy() => new()
    {
        LongestLife = LongestLife is { } longest ? GoDuration.Of(longest) : null,
        DefaultLife = DefaultLife is { } life ? GoDuration.Of(life) : null,
        MustExpire = MustExpire,
        AllowedKinds = AllowedKinds,
        NoticeDays = NoticeDays ?? TokenPolicy.Standard.NoticeDays,
    };

    /// <summary>The same under the policy of the organization above.</summary>
    public PolicyContent Within(PolicyContent above)
    {
        var both = ToPolicy().Within(above.ToPolicy());
        return this with
        {
            LongestLife = both.LongestLife?.Text,
            DefaultLife = both.DefaultLife?.Text,
            MustExpire = both.MustExpire,
            AllowedKinds = both.AllowedKinds,
        };
    }
}
