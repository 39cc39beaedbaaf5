using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Tokens;

/// <summary>A token under test: the machine, the state, the clock, and every secret ever minted by number.</summary>
internal sealed class Machine
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly TokenId Id = TokenId.Parse("01900000-0000-7000-8000-000000000001");
    public static readonly OrganizationId Org = OrganizationId.Parse("01900000-0000-7000-8000-00000000000a");
    public static readonly MemberId Member = MemberId.Parse("01900000-0000-7000-8000-00000000000b");

    private int _minted;

    public TokenState? State { get; set; }

    public DateTimeOffset Now { get; set; } = Start;

    public TokenRules Rules { get; set; } = TokenRules.Standard;

    public TokenProfile Profile { get; init; } = TokenProfile.Organization;

    public static Machine Issued(TokenProfile? profile = null, string? ttl = null, TokenRules? rules = null)
    {
        var machine = new Machine { Profile = profile ?? TokenProfile.Organization, Rules = rules ?? TokenRules.Standard };
        Assert.IsType<Decision.Changed>(machine.Do(machine.Issue(ttl)));
        return machine;
    }

    private static readonly ConcurrentDictionary<string, SecretDigest> Digests = [];

    public static SecretDigest Digest(string name) =>
        Digests.GetOrAdd(name, n => new("p1", SHA256.HashData(Encoding.UTF8.GetBytes(n))));

    /// <summary>The pair minted as number <paramref name="n"/>: secrets are named a1, r1, a2, r2, ...</summary>
    public MintedPair Pair(int n) => new(
        new MintedCredential(Digest($"a{n}"), $"a{n:000}"[^4..]),
        Profile.HasRefreshHalf ? new MintedCredential(Digest($"r{n}"), $"r{n:000}"[^4..]) : null);

    public MintedPair NextPair() => Pair(++_minted);

    public TokenCommand.Issue Issue(string? ttl = null) => new(
        new TokenSpec
        {
            Id = Id,
            OrganizationId = Org,
            MemberId = Member,
            OwnerType = TokenOwnerType.Organization,
            OwnerId = Org.ToString(),
            Profile = Profile,
            Binding = new GrantBinding.Adhoc(PermissionSets.Viewer, Resources.All),
            Ttl = ttl is null ? null : GoDuration.Of(ttl),
        },
        NextPair());

    public Presented Present(string secret) => Presented.Find(State!, Digest(secret).Equals);

    public TokenCommand.Refresh RefreshWith(string secret)
    {
        var pair = NextPair();
        return new(Present(secret), pair, Encoding.UTF8.GetBytes($"sealed {_minted}"));
    }

    /// <summary>Decides, and keeps the next state.</summary>
    public Decision Do(TokenCommand command)
    {
        var decision = TokenMachine.Decide(State, command, Rules, Now);
        State = decision switch
        {
            Decision.Changed changed => changed.Next,
            Decision.Reuse { Disabled: { } disabled } => disabled,
            Decision.Purge => null,
            _ => State,
        };
        return decision;
    }

    public bool Accepts(string secret) => State is not null && TokenMachine.Verify(State, Present(secret), Now) is null;

    public void MarkPresented() => State = State! with { PrimaryPresentedAt = Now };

    public void Wait(TimeSpan span) => Now += span;
}
