using TokenActors.Domain.Time;

namespace TokenActors.Domain.Tokens;

/// <summary>Lives, expiry and what falls due.</summary>
public static partial class TokenMachine
{
    /// <summary>Of a life that is over: no notice comes any more, whatever the days.</summary>
    private const int AllNotices = 0;

    /// <summary>Days before its end, at most, at which whoever refreshes a token is told of it.</summary>
    private const int LastNoticeOfRefreshed = 1;

    private readonly record struct Lives(DateTimeOffset Access, DateTimeOffset Record);

    /// <summary>
    /// When the next thing falls due that a <see cref="TokenCommand.Tick"/> would do; null where nothing ever will.
    /// </summary>
    /// <param name="state">the token</param>
    /// <param name="policy">says when notices are given; null: the standard one</param>
    public static DateTimeOffset? NextDue(TokenState state, TokenPolicy? policy = null)
    {
        if (state.DeletedAt is { } deletedAt)
        {
            // A pending cascade is due since the deletion: whoever asks next finishes it.
            return state.CascadePending ? deletedAt : deletedAt + KeptAfterEnd;
        }

        var due = Instant.Forever;
        if (state.Secondary is { } secondary)
        {
            due = Instant.Earlier(due, secondary.EndsAt);
        }

        if (NextNotice(state, policy ?? TokenPolicy.Standard) is { } notice)
        {
            due = Instant.Earlier(due, state.ExpiresAt.AddDays(-notice));
        }

        due = Instant.Earlier(due, state.ExpiryNoted ? PurgeAt(state) : state.ExpiresAt);
        return due >= Instant.Forever ? null : due;
    }

    /// <summary>
    /// The due time to store beside a state. One that is stored and still ahead stays where the next thing falls due
    /// later: the reminder then finds nothing to do and moves itself, and until then a change that prolongs a life
    /// moves no index.
    /// </summary>
    public static DateTimeOffset? DueToStore(
        TokenState state, DateTimeOffset? stored, DateTimeOffset now, TokenPolicy? policy = null)
    {
        if (NextDue(state, policy) is not { } due)
        {
            return null;
        }

        return stored is { } earlier && earlier > now && earlier < due ? earlier : due;
    }

    /// <summary>
    /// Whether the sealed answer can be erased: the primary was presented and the grace is over, so no refresh gives
    /// it again.
    /// </summary>
    public static bool SealIsStale(TokenState state, TokenRules rules, DateTimeOffset now) =>
        state is { SealedPrimary: not null, PrimaryPresentedAt: not null, Primary: { } primary }
            && now - primary.MintedAt >= rules.RefreshGrace;

    /// <summary>
    /// A new life counted from now, also for an expired record; the secrets stay and expire with it. Refused: outside
    /// the profile's bounds or the organization's policy, or past its longest life.
    /// </summary>
    private static Decision SetLife(
        TokenState state, TokenCommand.SetLife command, TokenRules rules, DateTimeOffset now)
    {
        if (state.Profile.ProblemWith(command.Life.Value, state.LongestTtl) is not null)
        {
            return new Decision.Refused(TokenRefusal.LifeOutOfBounds);
        }

        if (!rules.Policy.Allows(state.Profile, command.Life.Value))
        {
            return new Decision.Refused(TokenRefusal.LifeBeyondPolicy);
        }

        if (now >= LongestExpiry(state))
        {
            return new Decision.Refused(TokenRefusal.Expired);
        }

        var lives = LivesFrom(now, state.Profile, command.Life.Value, LongestExpiry(state, rules, now));
        return new Decision.Changed(
            state with
            {
                Ttl = command.KeepsTtl ? state.Ttl : command.Life,
                ExpiresAt = lives.Record,
                LifeSetAt = now,
                NoticedDays = null,
                ExpiryNoted = false,
                Primary = state.Primary is { } primary ? WithLives(primary, lives) : null,
            },
            TokenEvent.LifeSet);
    }

    /// <summary>
    /// New primary, no secondary; revives an expired record. No earlier secret works. Of an imported key nothing is
    /// left but the token, which is ours from then on. Refused: the profile's longest life is over.
    /// </summary>
    private static Decision Reset(
        TokenState state, TokenCommand.Reset command, TokenRules rules, DateTimeOffset now)
    {
        if (now >= LongestExpiry(state))
        {
            return new Decision.Refused(TokenRefusal.Expired);
        }

        var bare = TakeSecondaryAway(state, now);
        bare = bare with { Spent = Spend(bare.Spent, bare.Primary, Supersession.Removed, now) };
        return new Decision.Changed(Renewed(bare, command.Pair, rules, now), TokenEvent.Reset);
    }

    private static CredentialPair WithLives(CredentialPair pair, Lives lives) => pair with
    {
        Access = pair.Access with { ExpiresAt = lives.Access },
        Refresh = pair.Refresh is { } refresh ? refresh with { ExpiresAt = lives.Record } : null,
    };

    /// <summary>
    /// What is due first: of a tombstone its purge, else the secondary's end, the record's expiry and later its purge,
    /// or the notice that it expires soon. A tombstone whose cascade is pending waits for the cascade.
    /// </summary>
    private static Decision Tick(TokenState state, TokenPolicy policy, DateTimeOffset now)
    {
        if (state.DeletedAt is { } deletedAt)
        {
            return PurgeIf(!state.CascadePending && now >= deletedAt + KeptAfterEnd, state);
        }

        if (state.Secondary is { } secondary && now >= secondary.EndsAt)
        {
            return new Decision.Changed(DropSecondary(state), TokenEvent.SecondaryEnded);
        }

        if (now >= state.ExpiresAt)
        {
            return state.ExpiryNoted
                ? PurgeIf(now >= PurgeAt(state), state)
                : new Decision.Changed(state with { ExpiryNoted = true, NoticedDays = AllNotices }, TokenEvent.Expired);
        }

        return DueNotice(state, policy, now) is { } days
            ? new Decision.Changed(state with { NoticedDays = days }, TokenEvent.Expiring)
            : new Decision.Unchanged(state);
    }

    private static Decision PurgeIf(bool isOver, TokenState state) =>
        isOver ? new Decision.Purge(state) : new Decision.Unchanged(state);

    /// <summary>
    /// How many days before the end the next notice is given; null where none is left. A notice that would come before
    /// the life begins is none. Sessions get none. Who refreshes renews its life by that, and gets only the last, in
    /// the last day.
    /// </summary>
    private static int? NextNotice(TokenState state, TokenPolicy policy)
    {
        if (state.Profile == TokenProfile.Logon || state.ExpiresAt >= Instant.Forever)
        {
            return null;
        }

        var life = state.ExpiresAt - state.LifeBeganAt;
        bool IsLeft(int days) => days < (state.NoticedDays ?? int.MaxValue) && TimeSpan.FromDays(days) < life;
        if (state.PrimaryByRefresh)
        {
            return policy.NoticeDays is [.., var last] && IsLeft(Math.Min(last, LastNoticeOfRefreshed))
                ? Math.Min(last, LastNoticeOfRefreshed)
                : null;
        }

        foreach (var days in policy.NoticeDays)
        {
            if (IsLeft(days))
            {
                return days;
            }
        }

        return null;
    }

    /// <summary>The notice that is due: of several the last, since one says it all. Null where none is.</summary>
    private static int? DueNotice(TokenState state, TokenPolicy policy, DateTimeOffset now)
    {
        int? due = null;
        while (NextNotice(state, policy) is { } days && now >= state.ExpiresAt.AddDays(-days))
        {
            due = days;
            state = state with { NoticedDays = days };
        }

        return due;
    }

    /// <summary>
    /// A default token is never purged: its owner refers to it, and a reset revives it. Nor is a facade's: it stays
    /// listed until it is deleted.
    /// </summary>
    private static DateTimeOffset PurgeAt(TokenState state) =>
        state.Profile == TokenProfile.Default || state.Profile.IsFacade
            ? Instant.Forever
            : state.ExpiresAt.PlusCapped(KeptAfterEnd);

    private static DateTimeOffset LongestExpiry(TokenState state) =>
        LongestExpiry(state.Profile, state.CreatedAt, state.EndsBy);

    /// <summary>The same for a life that begins now.</summary>
    private static DateTimeOffset LongestExpiry(TokenState state, TokenRules rules, DateTimeOffset now) =>
        Instant.Earlier(LongestExpiry(state), rules.Policy.EndOf(state.Profile, now));

    private static TimeSpan LifeUntil(DateTimeOffset end, DateTimeOffset now) =>
        end >= Instant.Forever ? TimeSpan.MaxValue : end - now;

    private static DateTimeOffset LongestExpiry(TokenProfile profile, DateTimeOffset created, DateTimeOffset? endsBy)
    {
        var longest = profile.LongestLife is { } life ? created.PlusCapped(life) : Instant.Forever;
        return endsBy is { } end ? Instant.Earlier(longest, end) : longest;
    }

    private static Lives LivesUntil(DateTimeOffset end) => new(end, end);

    private static Lives LivesFrom(DateTimeOffset now, TokenProfile profile, TimeSpan ttl, DateTimeOffset longest)
    {
        var recordLife = profile.RefreshLife is { } refreshLife && refreshLife > ttl ? refreshLife : ttl;
        return new(Instant.Earlier(now.PlusCapped(ttl), longest), Instant.Earlier(now.PlusCapped(recordLife), longest));
    }

    /// <summary>Lives that end with the record as it is.</summary>
    private static Lives LivesWithin(TokenState state, DateTimeOffset now) => new(
        state.Profile.HasRefreshHalf
            ? Instant.Earlier(now.PlusCapped(state.Ttl.Value), state.ExpiresAt)
            : state.ExpiresAt,
        state.ExpiresAt);

    private static CredentialPair Mint(MintedPair pair, Lives lives, DateTimeOffset now) => new(
        new Credential(pair.Access.Digest, pair.Access.LastFour, lives.Access) { Scheme = pair.Access.Scheme },
        pair.Refresh is { } refresh ? new Credential(refresh.Digest, refresh.LastFour, lives.Record) : null,
        now);

    /// <summary>A new primary and a renewed life; the slots and the sealed answer are the caller's to set.</summary>
    private static TokenState Renewed(TokenState state, MintedPair pair, TokenRules rules, DateTimeOffset now)
    {
        state = Adopt(state);
        var lives = LivesFrom(now, state.Profile, state.Ttl.Value, LongestExpiry(state, rules, now));
        return state with
        {
            Primary = Mint(pair, lives, now),
            PrimaryPresentedAt = null,
            SealedPrimary = null,
            SecretVersion = state.SecretVersion + 1,
            ExpiresAt = lives.Record,
            NoticedDays = null,
            ExpiryNoted = false,
            PrimaryByRefresh = false,
        };
    }
}
