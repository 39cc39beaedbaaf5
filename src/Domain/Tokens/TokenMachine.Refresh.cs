namespace TokenActors.Domain.Tokens;

/// <summary>
/// Refresh that survives a lost answer and a race: there is never more than one successor, and whoever held the spent secret in good
/// faith gets that very one (RFC 9700 4.14.2; FAPI 2.0 5.3.2.1 forbids rotation that a client cannot safely retry).
/// </summary>
public static partial class TokenMachine
{
    private static Decision Refresh(TokenState state, TokenCommand.Refresh command, TokenRules rules, DateTimeOffset now)
    {
        if (!state.Profile.HasRefreshHalf)
        {
            return new Decision.Refused(TokenRefusal.NotRefreshable);
        }

        return command.Presented.Kind switch
        {
            PresentedKind.PrimaryRefresh => RefreshPrimary(state, command, now),
            PresentedKind.SecondaryRefresh => RefreshSecondary(state, rules, now),
            PresentedKind.Spent => RefreshSpent(state, command.Presented.Spent!, rules, now),
            PresentedKind.PrimaryAccess or PresentedKind.SecondaryAccess => new Decision.Refused(TokenRefusal.WrongKind),
            PresentedKind.Unknown => new Decision.Refused(TokenRefusal.UnknownSecret),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.Presented.Kind, null),
        };
    }

    private static Decision RefreshPrimary(TokenState state, TokenCommand.Refresh command, DateTimeOffset now)
    {
        if (now >= ExpiryOf(state, PresentedKind.PrimaryRefresh))
        {
            return new Decision.Refused(TokenRefusal.Expired);
        }

        var next = Supersede(Renewed(state, command.Pair, now), state, Supersession.Refreshed, deadline: null, now);
        return new Decision.Changed(next with { SealedPrimary = command.Sealed }, TokenEvent.Refreshed);
    }

    /// <summary>
    /// The holder refreshed before. As long as nobody has shown the successor, or it is younger than the grace, the answer may have
    /// been lost or raced: it is given again. Otherwise it is a replay, except from a straggler inside the grace.
    /// </summary>
    private static Decision RefreshSecondary(TokenState state, TokenRules rules, DateTimeOffset now)
    {
        var secondary = state.Secondary!;
        if (secondary.By != Supersession.Refreshed)
        {
            return new Decision.Refused(TokenRefusal.Superseded);
        }

        if (now >= ExpiryOf(state, PresentedKind.SecondaryRefresh))
        {
            return new Decision.Refused(TokenRefusal.Expired);
        }

        var retriable = state.PrimaryPresentedAt is null || now - state.Primary!.MintedAt < rules.RefreshGrace;
        return retriable && state.SealedPrimary is { } sealedPrimary
            ? new Decision.SameAnswer(state, sealedPrimary)
            : Replay(state, secondary.SupersededAt, rules, now);
    }

    private static Decision RefreshSpent(TokenState state, SpentSecret spent, TokenRules rules, DateTimeOffset now) =>
        spent.By == Supersession.Refreshed
            ? Replay(state, spent.At, rules, now)
            : new Decision.Refused(TokenRefusal.Superseded);

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
