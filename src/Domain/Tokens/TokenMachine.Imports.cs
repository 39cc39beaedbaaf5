using TokenActors.Domain.Time;

namespace TokenActors.Domain.Tokens;

/// <summary>Keys that something else issued, until and after they are replaced by pairs of our own.</summary>
public static partial class TokenMachine
{
    /// <summary>Its primary is an imported key, of which there is a hash and no more.</summary>
    public static bool IsForeign(TokenState state) => state.Profile == TokenProfile.Imported;

    /// <summary>What was presented is an imported key, which opens no API of this service.</summary>
    public static bool IsImported(TokenState state, PresentedKind kind) => kind switch
    {
        PresentedKind.PrimaryAccess => state.Primary?.Access.Scheme is not null,
        PresentedKind.SecondaryAccess => state.Secondary?.Pair.Access.Scheme is not null,
        _ => false,
    };

    /// <summary>The imported key that a token still accepts, in either slot; null where it has none.</summary>
    public static Credential? ImportedKeyOf(TokenState? state) => state switch
    {
        { Primary.Access: { Scheme: not null } key } => key,
        { Secondary.Pair.Access: { Scheme: not null } key } => key,
        _ => null,
    };

    /// <summary>What a new token belongs to is an event of its own; an import is one event whatever it belongs
    /// to.</summary>
    private static TokenEvent IssuedAs(TokenSpec spec) => spec switch
    {
        _ when spec.Profile == TokenProfile.Imported => TokenEvent.Imported,
        { BelongsTo: TokenBelonging.Organization } => TokenEvent.IssuedToOrganization,
        _ => TokenEvent.Issued,
    };

    /// <summary>
    /// What a token is once it gets a pair of ours: an imported one is an ordinary token then, with a life that such a
    /// one may have.
    /// </summary>
    private static TokenState Adopt(TokenState state)
    {
        var profile = state.Profile.Renewed;
        if (profile == state.Profile)
        {
            return state;
        }

        return state with
        {
            Profile = profile,
            Ttl = state.Ttl.Value <= profile.LongestTtl ? state.Ttl : LongestOf(profile),
        };
    }

    private static GoDuration LongestOf(TokenProfile profile) => GoDuration.Of($"{profile.LongestTtl.TotalHours:0}h");
}
