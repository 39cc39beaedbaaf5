namespace TokenActors.Domain.Tokens;

/// <summary>
/// Refresh that survives a lost answer and a race: there is never more than one successor, and whoever held the spent
/// secret in good faith gets that very one (RFC 9700 4.14.2; FAPI 2.0 5.3.2.1 forbids rotation that a client cannot
/// safely retry).
/// </summary>
public static partial class TokenMachine
{
    private static Decision Refresh(
        TokenState state, TokenCommand.Refresh command, TokenRules rules, DateTimeOffset now)
    {
        if (!state.Profile.HasRefreshHalf)
        {
            return new Decision.Refused(TokenRefusal.NotRefreshable);
        }

        return command.Presented.Kind switch
        {
            PresentedKind.PrimaryRefresh => RefreshPrimary(state, command, rules, now),
            PresentedKind.SecondaryRefresh when state.Secondary is { } secondary =>
                RefreshSecondary(state, secondary, rules, now),
            PresentedKind.Spent when command.Presented.Spent is { } spent => RefreshSpent(state, spent, rules, now),
            PresentedKind.PrimaryAccess or PresentedKind.SecondaryAccess =>
                new Decision.Refused(TokenRefusal.WrongKind),
            PresentedKind.Unknown => new Decision.Refused(TokenRefusal.UnknownSecret),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.Presented.Kind, null),
        };
    }

    private static Decision RefreshPrimary(
        TokenState state, TokenCommand.Refresh command, TokenRules rules, DateTimeOffset now)
    {
        if (now >= ExpiryOf(state, PresentedKind.PrimaryRefresh))
        {
            return new Decision.Refused(TokenRefusal.Expired);
        }

        var next = Supersede(
            Renewed(state, command.Pair, rules, now), state, Supersession.Refreshed, deadline: null, now);
        return new Decision.Changed(
            next with { SealedPrimary = command.Sealed, PrimaryByRefresh = true }, TokenEvent.Refreshed);
    }

    /// <summary>
    /// The holder refreshed before. While the successor was never presented or is younger than the grace, the answer
    /// may have been lost or the client may have raced itself: the same answer is given again. Otherwise it is a
    /// replay.
    /// </summary>
    private static Decision RefreshSecondary(
        TokenState state, SecondaryPair secondary, TokenRules rules, DateTimeOffset now)
    {
        if (secondary.By != Supersession.Refreshed)
        {
            return new Decision.Refused(TokenRefusal.Superseded);
        }

        if (now >= ExpiryOf(state, PresentedKind.SecondaryRefresh))
        {
            return new Decision.Refused(TokenRefusal.Expired);
        }

        var mayBeRetry = state.PrimaryPresentedAt is null
            || (state.Primary is { } primary && now - primary.MintedAt < rules.RefreshGrace);
        return mayBeRetry && state.SealedPrimary is { } sealedPrimary
            ? new Decision.SameAnswer(state, sealedPrimary)
            : Replay(state, secondary.SupersededAt, rules, now);
    }

    /// <summary>
    /// A refresh secret from before the secondary: outdated where an administrator took it away, a replay where its
    /// holder refreshed it away.
    /// </summary>
    private static Decision RefreshSpent(TokenState state, SpentSecret spent, TokenRules rules, DateTimeOffset now) =>
        spent.By == Supersession.Refreshed
            ? Replay(state, spent.At, rules, now)
            : new Decision.Refused(TokenRefusal.Superseded);

    /// <summary>
    /// Within the grace after the secret was spent, the client is taken to have raced itself, and is merely refused.
    /// Later it is a replay, which disables the token where the operator wants that.
    /// </summary>
    private static Decision Replay(TokenState state, DateTimeOffset spentAt, TokenRules rules, DateTimeOffset now)
    {
        if (now - spentAt <= rules.RefreshGrace)
        {
            return new Decision.Refused(TokenRefusal.Superseded);
        }

        // Disabling is a change like any other: one version, one event. The refusal itself changes nothing.
        return new Decision.Reuse(
            rules.DisableOnReuse ? state with { Enabled = false, Version = state.Version + 1, UpdatedAt = now } : null);
    }
}
