namespace TokenActors.Domain.Tokens;

/// <summary>Several changes as one: each is decided as by its own command, and one refusal refuses them all.</summary>
public static partial class TokenMachine
{
    private const long FirstSecretVersion = 1;

    /// <summary>
    /// Enabling comes first and disabling last, so that an edit may do either and replace the primary too. Refused:
    /// another version than expected, a secret version that goes back, too many notes or addresses,
    /// limits out of bounds, and what a step refuses. A secret
    /// version of 1 does not go back but begins anew, and replaces nothing: clients that stop counting say so.
    /// </summary>
    private static Decision Edit(
        TokenState state, TokenCommand.Edit command, TokenRules rules, DateTimeOffset now)
    {
        var changes = command.Changes;
        if (changes.ExpectedVersion is { } expected && expected != state.Version)
        {
            return new Decision.Refused(TokenRefusal.ChangedMeanwhile);
        }

        if (changes.SecretVersion < state.SecretVersion && changes.SecretVersion != FirstSecretVersion)
        {
            return new Decision.Refused(TokenRefusal.VersionGoesBack);
        }

        if (changes.Notes is { IsWithinBounds: false } || changes.Addresses is { HasTooMany: true })
        {
            return new Decision.Refused(TokenRefusal.TooManyItems);
        }

        if (changes.Limits is { IsWithinBounds: false })
        {
            return new Decision.Refused(TokenRefusal.LimitsOutOfBounds);
        }

        List<TokenEvent> events = [];
        foreach (var step in StepsOf(changes, command.Pair, rules, now))
        {
            switch (step(state))
            {
                case Decision.Changed changed:
                    state = changed.Next;
                    events.Add(changed.Event);
                    break;
                case Decision.Refused refused:
                    return refused;
            }
        }

        return events switch
        {
            [] => new Decision.Unchanged(state),
            [var only] => new Decision.Changed(state, only),
            _ => new Decision.Changed(state, TokenEvent.Edited),
        };
    }

    private static IEnumerable<Func<TokenState, Decision>> StepsOf(
        TokenChanges changes, MintedPair pair, TokenRules rules, DateTimeOffset now)
    {
        if (changes.Enabled == true)
        {
            yield return state => SetEnabled(state, true, TokenEvent.Enabled);
        }

        yield return state => Describe(state, changes);
        if (changes.Life is { } life)
        {
            yield return state => SetLife(state, new TokenCommand.SetLife(life), rules, now);
        }

        yield return state => ReplaceOrMoveDeadline(state, changes, pair, now);
        if (changes.Enabled == false)
        {
            yield return state => SetEnabled(state, false, TokenEvent.Disabled);
        }
    }

    private static Decision Describe(TokenState state, TokenChanges changes)
    {
        var limited = WithLimits(state, changes.Limits ?? state.Limits, changes.Unspent);
        var next = limited with
        {
            FullName = changes.FullName ?? state.FullName,
            Claims = changes.Claims ?? state.Claims,
            Notes = changes.Notes ?? state.Notes,
            Binding = changes.Binding ?? state.Binding,
            Addresses = changes.Addresses ?? state.Addresses,
            SecretVersion = changes.SecretVersion == FirstSecretVersion ? FirstSecretVersion : state.SecretVersion,
        };
        return next == state ? new Decision.Unchanged(state) : new Decision.Changed(next, TokenEvent.Described);
    }

    private static Decision ReplaceOrMoveDeadline(
        TokenState state, TokenChanges changes, MintedPair pair, DateTimeOffset now)
    {
        if (!(changes.SecretVersion > state.SecretVersion))
        {
            return changes.Deadline is { } deadline
                ? MoveDeadline(state, new TokenCommand.MoveDeadline(deadline), now)
                : new Decision.Unchanged(state);
        }

        if (IsForeign(state))
        {
            return new Decision.Refused(TokenRefusal.NotRefreshable);
        }

        if (StatusRefusal(state.StatusAt(now)) is { } refusal)
        {
            return new Decision.Refused(refusal);
        }

        var replaced = Replace(state, new TokenCommand.Replace(pair, changes.Deadline), now);
        return replaced with { Next = replaced.Next with { SecretVersion = changes.SecretVersion.Value } };
    }
}
