using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using Xunit.Abstractions;

namespace TokenActors.Domain.Tests.Tokens;

/// <summary>
/// Generated histories against what always holds. A failure prints its seed and the shortest history that still fails.
/// <c>TOKENACTORS_SEED</c> repeats a run.
/// </summary>
public sealed class TokenHistoryTests(ITestOutputHelper output)
{
    private const int Histories = 4000;
    private const int Steps = 40;

    [Theory]
    [InlineData("default", false)]
    [InlineData("logon", false)]
    [InlineData("organization", false)]
    [InlineData("organization", true)]
    [InlineData("mcp", false)]
    [InlineData("cloudflare", false)]
    [InlineData("launchdarkly", false)]
    public void Invariants_hold_in_every_history(string profile, bool disableOnReuse)
    {
        var seed = ulong.TryParse(Environment.GetEnvironmentVariable("TOKENACTORS_SEED"), out var given)
            ? given
            : BitConverter.ToUInt64(Guid.NewGuid().ToByteArray());
        output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        for (var i = 0; i < Histories; i++)
        {
            var history = Enumerable.Range(0, Steps).Select(_ => Step.Draw(random)).ToList();
            if (Run(history, profile, disableOnReuse) is { } failure)
            {
                var shortest = Shrink(history, profile, disableOnReuse);
                Assert.Fail(
                    $"{failure}\nseed {seed}, history {i}, cut to:\n  {string.Join("\n  ", shortest)}\n{Run(shortest, profile, disableOnReuse)}");
            }
        }
    }

    /// <summary>Drops steps as long as the rest still fails.</summary>
    private static List<Step> Shrink(List<Step> history, string profile, bool disableOnReuse)
    {
        for (var i = 0; i < history.Count;)
        {
            var without = history.Where((_, n) => n != i).ToList();
            if (Run(without, profile, disableOnReuse) is null)
            {
                i++;
            }
            else
            {
                history = without;
                i = 0;
            }
        }

        return history;
    }

    /// <summary>Null where every invariant held, else what broke.</summary>
    private static string? Run(List<Step> history, string profileName, bool disableOnReuse)
    {
        var machine = Machine.Issued(
            TokenProfile.Named(profileName), "2h", TokenRules.Standard with { DisableOnReuse = disableOnReuse });
        HashSet<int> wasPrimary = [1];
        HashSet<string> dead = [];
        var primary = 1;
        var minted = 1;
        foreach (var step in history)
        {
            machine.Wait(step.Wait);
            if (machine.State is not { } before)
            {
                return null;
            }

            var command = step.ToCommand(machine, minted + 1);
            var decision = machine.Do(command);
            minted += Mints(command) ? 1 : 0;
            if (machine.State is not { } after)
            {
                return before.DeletedAt is not null || machine.Now >= before.ExpiresAt + TokenMachine.KeptAfterEnd ? null : $"{step}: purged while in use";
            }

            var problem = Versions(decision, before, after) ?? Secrets(machine, after, minted, dead) ?? Lives(machine, after);
            if (problem is not null)
            {
                return $"{step}: {problem}";
            }

            if (decision is Decision.Changed changed)
            {
                switch (changed.Event)
                {
                    case TokenEvent.Reset or TokenEvent.Deleted:
                        dead.UnionWith(Enumerable.Range(1, Mints(command) ? minted - 1 : minted).SelectMany(n => new[] { $"a{n}", $"r{n}" }));
                        break;
                }

                if (Mints(command))
                {
                    primary = minted;
                    wasPrimary.Add(primary);
                }

                if (after.Secondary is { } secondary
                    && !wasPrimary.Any(n => secondary.Pair.Access.Digest == Machine.Digest($"a{n}") && n != primary))
                {
                    return $"{step}: the secondary was never a primary";
                }

                if (TokenMachine.NextDue(after) is { } due && due < machine.Now && decision is not Decision.Changed { Event: not TokenEvent.Deleted })
                {
                    return $"{step}: due in the past after a change";
                }
            }

            if (step.Present && machine.Accepts($"a{primary}"))
            {
                machine.MarkPresented();
            }
        }

        return null;
    }

    private static bool Mints(TokenCommand command) => command
        is TokenCommand.Refresh or TokenCommand.Rotate or TokenCommand.Reset or TokenCommand.Replace or TokenCommand.Edit { Changes.SecretVersion: not null };

    private static string? Versions(Decision decision, TokenState before, TokenState after) => decision switch
    {
        Decision.Changed or Decision.Reuse { Disabled: not null } when after.Version != before.Version + 1 => "a change must raise the version by one",
        Decision.Unchanged or Decision.Refused or Decision.SameAnswer or Decision.Replayed or Decision.Reuse { Disabled: null }
            when !ReferenceEquals(before, after) => "a refusal changed the token",
        _ => null,
    };

    private static string? Secrets(Machine machine, TokenState state, int minted, HashSet<string> dead)
    {
        // A state remembers ten pairs at most: two slots and eight spent ones. Older secrets are strangers to it.
        var known = Enumerable.Range(Math.Max(1, minted - 11), Math.Min(minted, 12));
        var accepted = known.Where(n => machine.Accepts($"a{n}") || machine.Accepts($"r{n}")).ToList();
        var status = state.StatusAt(machine.Now);
        return accepted.Count > 2 ? $"{accepted.Count} pairs are live"
            : status != TokenStatus.Active && accepted.Count > 0 ? $"a secret is accepted while {status}"
            : accepted.SelectMany(n => new[] { $"a{n}", $"r{n}" }).FirstOrDefault(name => dead.Contains(name) && machine.Accepts(name)) is { } revived ? $"{revived} is accepted again"
            : null;
    }

    private static string? Lives(Machine machine, TokenState state)
    {
        var longest = state.Profile.LongestLife is { } life ? state.CreatedAt + life : Instant.Forever;
        return state.ExpiresAt > longest ? "the record outlives its profile"
            : state.Primary is { } p && (p.Access.ExpiresAt > state.ExpiresAt || p.Refresh?.ExpiresAt > state.ExpiresAt) ? "a secret outlives its record"
            : state.Secondary is { } s && machine.Now >= s.EndsAt && Presented.Find(state, s.Pair.Access.Digest.Equals) is var shown
                && TokenMachine.Verify(state, shown, machine.Now) is null ? "the secondary is accepted after its end"
            : state.Spent.Length > 8 ? "more than eight spent secrets"
            : null;
    }

    private sealed record Step(int Kind, int Back, TimeSpan Wait, bool Present)
    {
        private static readonly TimeSpan[] Waits =
        [
            TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(61), TimeSpan.FromMinutes(11),
            TimeSpan.FromHours(1), TimeSpan.FromHours(23), TimeSpan.FromDays(6), TimeSpan.FromDays(31),
        ];

        public static Step Draw(SeededRandom random)
        {
            // Long waits end a history, so they are rare.
            var wait = random.Below(12) == 0 ? Waits[random.Below(Waits.Length)] : Waits[random.Below(6)];
            return new Step(random.Below(27), random.Below(4), wait, random.Below(2) == 0);
        }

        public TokenCommand ToCommand(Machine machine, int next)
        {
            var pair = machine.Pair(next);
            var key = new IdempotencyTag([(byte)Back], [0], [(byte)next]);
            return Kind switch
            {
                < 9 => new TokenCommand.Refresh(machine.Present($"r{Math.Max(1, next - 1 - Back)}"), pair, [(byte)next]),
                9 => new TokenCommand.Rotate(pair),
                10 => new TokenCommand.Rotate(pair, machine.Now.AddMinutes(Back - 1)),
                11 => new TokenCommand.Reset(pair),
                12 => new TokenCommand.Reset(pair) { Idempotency = key },
                13 => new TokenCommand.Replace(pair),
                14 => new TokenCommand.Replace(pair, machine.Now.AddMinutes(Back)),
                15 => new TokenCommand.MoveDeadline(machine.Now.AddMinutes(Back - 2)),
                16 => new TokenCommand.RemoveSecondary(),
                17 => new TokenCommand.SetLife(GoDuration.Of($"{Back + 1}h")),
                18 => new TokenCommand.Enable(),
                19 when Back == 0 => new TokenCommand.Disable(),
                20 when Back == 0 => new TokenCommand.Delete(),
                21 => new TokenCommand.FinishCascade(),
                22 => new TokenCommand.Rotate(pair) { Idempotency = key },
                23 => new TokenCommand.Edit(new TokenChanges { SecretVersion = machine.State!.SecretVersion + 1, Enabled = Back == 0 ? false : null }, pair),
                24 => new TokenCommand.Edit(
                    new TokenChanges { SecretVersion = machine.State!.SecretVersion + 2, Enabled = true, Deadline = machine.Now.AddMinutes(Back - 1) }, pair),
                25 => new TokenCommand.Edit(new TokenChanges { Life = GoDuration.Of($"{Back + 1}h"), Deadline = machine.Now.AddMinutes(Back - 2) }, pair),
                _ => new TokenCommand.Tick(),
            };
        }

        public override string ToString() => $"wait {Wait}, command {Kind} ({Back}), present {Present}";
    }
}
