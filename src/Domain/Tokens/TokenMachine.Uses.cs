namespace TokenActors.Domain.Tokens;

/// <summary>
/// Tokens that are accepted a number of times. Uses are written ahead in blocks: what is written is given out from
/// memory, so that one that is lost with a process is lost and none is given twice.
/// </summary>
public static partial class TokenMachine
{
    /// <summary>
    /// Takes a block of the uses that are left. Refused: none is left. The last one is a block of its own, so that it
    /// is told once. A token without a number of uses has nothing to take.
    /// </summary>
    private static Decision ReserveUses(TokenState state)
    {
        if (state.Limits.Uses is null)
        {
            return new Decision.Unchanged(state);
        }

        if (IsUsedUp(state))
        {
            return new Decision.Refused(TokenRefusal.UsedUp);
        }

        var left = state.UsesLeft - TokenLimits.BlockOf(state.UsesLeft);
        return new Decision.Changed(
            state with { UsesLeft = left }, left == 0 ? TokenEvent.LimitReached : TokenEvent.UsesTaken);
    }

    /// <summary>
    /// Gives back what was taken and not used. Nothing changes without a number of uses, and after the last one was
    /// taken, which was told.
    /// </summary>
    private static Decision ReturnUses(TokenState state, TokenCommand.ReturnUses command) =>
        command.Unspent == 0 || state.Limits.Uses is not { } uses || IsUsedUp(state)
            ? new Decision.Unchanged(state)
            : new Decision.Changed(
                state with { UsesLeft = Math.Min(uses, state.UsesLeft + command.Unspent) }, TokenEvent.UsesReturned);

    /// <summary>
    /// The same token with other limits. Of another number of uses those are left that were not used yet; what was
    /// taken and not used is given back.
    /// </summary>
    private static TokenState WithLimits(TokenState state, TokenLimits limits, long unspent)
    {
        if (limits == state.Limits)
        {
            return state;
        }

        var used = state.Limits.Uses is { } before ? before - state.UsesLeft - unspent : 0;
        return state with { Limits = limits, UsesLeft = limits.Uses is { } uses ? uses - used : 0 };
    }
}
