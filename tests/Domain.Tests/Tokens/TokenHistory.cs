using System.Text;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using Xunit.Sdk;

namespace TokenActors.Domain.Tests.Tokens;

/// <summary>
/// A token that lives through steps, beside what its clients know: which pairs they were given and in which order, and
/// what was promised about their end. After each step the token must agree with that. The rules are those of the
/// design, 4, "What always holds".
/// </summary>
internal sealed class TokenHistory
{
    /// <summary>A state remembers ten pairs at most, two in slots and eight spent; older ones are strangers.</summary>
    private const int PairsToAsk = 12;

    private static readonly SecretDigest[] AccessDigests = DigestsOf('a');
    private static readonly SecretDigest[] RefreshDigests = DigestsOf('r');

    private readonly Machine _machine;

    /// <summary>The pairs that were primary, by number, oldest first.</summary>
    private readonly List<int> _primaries = [1];

    /// <summary>What a refresh secret was exchanged for.</summary>
    private readonly Dictionary<int, int> _successors = [];

    /// <summary>So many of the first primaries were reset or deleted away.</summary>
    private int _dead;

    /// <summary>Promised for the present secondary.</summary>
    private DateTimeOffset? _deadline;

    private int _steps;

    private TokenHistory(string profile, bool disableOnReuse) => _machine = Machine.Issued(
        TokenProfile.Named(profile), "2h", TokenRules.Standard with { DisableOnReuse = disableOnReuse });

    public DateTimeOffset Now => _machine.Now;

    public TokenState State => _machine.State ?? throw new InvalidOperationException("the token was purged");

    /// <summary>Stands for the next pair's secrets, sealed.</summary>
    public byte[] Sealed => [(byte)Next];

    private int Next => _steps + 2;

    public Presented PresentAccess(int back) => Find(AccessDigests[Primary(back)]);

    public Presented PresentRefresh(int back) => Find(RefreshDigests[Primary(back)]);

    public IdempotencyTag Tag(int key, string request) => new([(byte)key], Encoding.ASCII.GetBytes(request), Sealed);

    public static void Live(IEnumerable<HistoryStep> steps, string profile, bool disableOnReuse)
    {
        TokenHistory history = new(profile, disableOnReuse);
        foreach (var step in steps)
        {
            history._machine.Wait(step.Wait);
            if (!history.Take(step))
            {
                return;
            }

            history._steps++;
        }
    }

    /// <summary>False where the token is purged with it.</summary>
    private bool Take(HistoryStep step)
    {
        var before = State;
        var command = step.Command.Make(this, step.Number, _machine.Pair(Next));
        var decision = _machine.Do(command);
        if (decision is Decision.Purge)
        {
            Holds(
                Now >= (before.DeletedAt ?? before.ExpiresAt) + TokenMachine.KeptAfterEnd,
                "a token is purged thirty days after its end and not earlier");
            return false;
        }

        Follow(before, command, decision);
        CountsVersions(before, decision);
        AnswersAgain(before, command, decision);
        AcceptsWhatItMay();
        EndsInTime();
        TicksWhatIsDue();
        if (step.Present && TokenMachine.Verify(State, PresentAccess(0), Now) is null)
        {
            _machine.MarkPresented();
        }

        return true;
    }

    /// <summary>Keeps the books of what the clients were given and told.</summary>
    private void Follow(TokenState before, TokenCommand command, Decision decision)
    {
        if (decision is not Decision.Changed changed)
        {
            return;
        }

        var mints = State.Primary is { } primary && primary.Access.Digest != before.Primary?.Access.Digest;
        if (mints)
        {
            Holds(State.Primary?.Access.Digest == AccessDigests[Next], "a new primary is the pair of the command");
            _primaries.Add(Next);
        }

        if (changed.Event is TokenEvent.Reset or TokenEvent.Deleted)
        {
            _dead = mints ? _primaries.Count - 1 : _primaries.Count;
        }

        _deadline = (command, mints) switch
        {
            (TokenCommand.Rotate rotate, _) => rotate.Deadline,
            (TokenCommand.Replace replace, _) => replace.Deadline,
            (TokenCommand.MoveDeadline move, _) => move.Deadline,
            (TokenCommand.Edit edit, true) => edit.Changes.Deadline,
            (TokenCommand.Edit edit, false) => edit.Changes.Deadline ?? _deadline,
            (_, true) => null,
            _ => _deadline,
        };
    }

    /// <summary>
    /// Every command that changes something raises the version by one and leaves one event; all else changes nothing.
    /// No command of a history changes who the token is or what it may do.
    /// </summary>
    private void CountsVersions(TokenState before, Decision decision)
    {
        var changes = decision is Decision.Changed or Decision.Reuse { Disabled: not null };
        Holds(State.Version == before.Version + (changes ? 1 : 0), "a change, and nothing else, raises the version by one");
        Holds(!changes || State.DeletedAt is not null || State.UpdatedAt == Now, "a change is stamped with its time");
        Holds(
            decision is not Decision.Unchanged { State: var same } || ReferenceEquals(same, before),
            "what changes nothing gives back the very state");
        Holds(
            IdentityOf(State) == IdentityOf(before) && ReferenceEquals(State.Binding, before.Binding),
            "only an edit of it changes whose a token is and what it may do");
    }

    /// <summary>
    /// The same command under the same key changes nothing and gets the same answer; refreshes of one secret, all that
    /// succeed, get the same pair. Each is asked again at once, and by the history itself later.
    /// </summary>
    private void AnswersAgain(TokenState before, TokenCommand command, Decision decision)
    {
        if (decision is Decision.Changed && command.Idempotency is { } tag)
        {
            var last = Now + TokenMachine.AnswersKept - TimeSpan.FromMicroseconds(1);
            Holds(
                TokenMachine.Decide(State, command, _machine.Rules, last) is Decision.Replayed { Record: var record }
                    && record.Answer.Version == State.Version && record.Sealed.SequenceEqual(tag.Sealed),
                "the same command under the same key gets the same answer for ten minutes");
        }

        if (decision is Decision.Changed && command is TokenCommand.Refresh refresh)
        {
            var spent = Array.IndexOf(RefreshDigests, before.Primary?.Refresh?.Digest);
            Holds(_successors.TryAdd(spent, Next), "a refresh secret has one successor");
            var again = refresh with { Presented = Find(RefreshDigests[spent]) };
            Holds(
                TokenMachine.Decide(State, again, _machine.Rules, Now) is Decision.SameAnswer same
                    && same.Sealed.SequenceEqual(refresh.Sealed),
                "who asks again at once gets the same pair");
        }

        if (decision is Decision.SameAnswer answer)
        {
            var shown = Array.IndexOf(RefreshDigests, before.Secondary?.Pair.Refresh?.Digest);
            Holds(
                _successors.TryGetValue(shown, out var successor) && answer.Sealed.SequenceEqual([(byte)successor]),
                "every refresh of one secret that succeeds gets the same pair");
        }
    }

    /// <summary>
    /// At most two pairs live, and the secondary was a primary before. After a reset nothing earlier works; after a
    /// delete, while disabled and after the end of the record nothing at all.
    /// </summary>
    private void AcceptsWhatItMay()
    {
        var pairs = 0;
        for (var i = Math.Max(0, _primaries.Count - PairsToAsk); i < _primaries.Count; i++)
        {
            var accepted = Accepts(AccessDigests[_primaries[i]]) || Accepts(RefreshDigests[_primaries[i]]);
            pairs += accepted ? 1 : 0;
            Holds(!accepted || i >= _dead, "what was reset or deleted away is not accepted again");
        }

        Holds(pairs <= 2, "at most two pairs live");
        Holds(
            pairs == 0 || State.StatusAt(Now) == TokenStatus.Active,
            "nothing is accepted while disabled, expired or deleted");
        Holds(
            State.Secondary is not { Pair.Access.Digest: var former }
                || _primaries.SkipLast(1).Any(n => AccessDigests[n] == former),
            "the secondary was a primary before");
        Holds(
            State.DeletedAt is null || State is { Primary: null, Secondary: null, Spent: [], SealedPrimary: null },
            "a tombstone holds no secret");
        Holds(State.Spent.Length <= 8 && State.Answers.Length <= 8, "eight spent secrets and eight answers are kept");
    }

    /// <summary>
    /// No secret is accepted at or after its own expiry, its pair's deadline, or the record's expiry. Nothing but the
    /// time of the question decides that: no tick comes in between.
    /// </summary>
    private void EndsInTime()
    {
        if (State.Primary is not { } primary)
        {
            return;
        }

        var longest = State.Profile.LongestLife is { } life ? State.CreatedAt + life : Instant.Forever;
        Holds(State.ExpiresAt <= longest, "no record outlives its profile");
        EndsAt(PresentedKind.PrimaryAccess, primary.Access, null);
        EndsAt(PresentedKind.PrimaryRefresh, primary.Refresh, null);
        EndsAt(PresentedKind.SecondaryAccess, State.Secondary?.Pair.Access, _deadline);
        EndsAt(PresentedKind.SecondaryRefresh, State.Secondary?.Pair.Refresh, _deadline);
    }

    private void EndsAt(PresentedKind kind, Credential? credential, DateTimeOffset? deadline)
    {
        if (credential is not null)
        {
            var end = Instant.Earlier(credential.ExpiresAt, State.ExpiresAt);
            end = Instant.Later(Instant.Earlier(end, deadline ?? Instant.Forever), Now);
            Holds(TokenMachine.Verify(State, new Presented(kind), end) is not null, "no secret is accepted at its end");
        }
    }

    /// <summary>A reminder must neither fire for nothing again and again nor be missing.</summary>
    private void TicksWhatIsDue()
    {
        var tick = TokenMachine.Decide(State, new TokenCommand.Tick(), _machine.Rules, Now);
        var due = TokenMachine.NextDue(State) is { } at && at <= Now;
        Holds(
            (tick is Decision.Changed or Decision.Purge) == due || State.CascadePending,
            "a tick does something exactly when something is due");
    }

    private static SecretDigest[] DigestsOf(char half) =>
        [.. Enumerable.Range(0, 64).Select(n => Machine.Digest($"{half}{n}"))];

    private static (TokenId, OrganizationId, MemberId, TokenId, string, DateTimeOffset) IdentityOf(TokenState state) =>
        (state.Id, state.OrganizationId, state.MemberId, state.ParentId, state.OwnerId, state.CreatedAt);

    private int Primary(int back) => _primaries[^Math.Min(_primaries.Count, back + 1)];

    private bool Accepts(SecretDigest digest) => TokenMachine.Verify(State, Find(digest), Now) is null;

    private Presented Find(SecretDigest digest) => Presented.Find(State, digest.Equals);

    private void Holds(bool condition, string rule)
    {
        if (!condition)
        {
            throw new XunitException($"after step {_steps + 1}: {rule}");
        }
    }
}
