using System.Collections.Concurrent;
using System.Diagnostics;

namespace TokenActors.Cluster.Tests;

/// <summary>One secret and what its client was told about it, in ticks of the stopwatch; 0 for not yet.</summary>
internal sealed class Credential(string secret)
{
    private long _aliveSince;
    private long _doomedAt;
    private long _deadSince;

    public string Secret => secret;

    /// <summary>The answer that handed it out had arrived.</summary>
    public long AliveSince => Volatile.Read(ref _aliveSince);

    /// <summary>A call was about to be sent that ends it.</summary>
    public long DoomedAt => Volatile.Read(ref _doomedAt);

    /// <summary>That call was answered with success.</summary>
    public long DeadSince => Volatile.Read(ref _deadSince);

    public void Born() => Volatile.Write(ref _aliveSince, Stopwatch.GetTimestamp());

    public void Doom() => Volatile.Write(ref _doomedAt, Stopwatch.GetTimestamp());

    public void Dead() => Volatile.Write(ref _deadSince, Stopwatch.GetTimestamp());
}

/// <summary>An access and a refresh secret that were minted together.</summary>
internal sealed record Pair(Credential Access, Credential Refresh)
{
    public IEnumerable<Credential> Both => [Access, Refresh];

    public static Pair Born(string access, string refresh)
    {
        var pair = new Pair(new Credential(access), new Credential(refresh));
        pair.Access.Born();
        pair.Refresh.Born();
        return pair;
    }
}

/// <summary>One token, changed by one client at a time and looked at by all.</summary>
internal sealed class TokenModel(string id, Pair first)
{
    private readonly ConcurrentQueue<Credential> _all = new(first.Both);
    private readonly ConcurrentQueue<string> _history = [];

    public string Id => id;

    public Pair Primary { get; private set; } = first;

    public Pair? Secondary { get; private set; }

    public bool Deleted { get; private set; }

    public IReadOnlyCollection<Credential> All => _all;

    /// <summary>What was done to it, for the message of a violation.</summary>
    public string History => string.Join(", ", _history);

    public void Note(string what) =>
        _history.Enqueue($"{what} at {Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000)}");

    /// <summary>What a success of the call would end; to be said before it is sent.</summary>
    public static void Doom(params IEnumerable<Pair?> pairs)
    {
        foreach (var credential in pairs.OfType<Pair>().SelectMany(p => p.Both))
        {
            credential.Doom();
        }
    }

    public void Superseded(Pair next, bool keepOld)
    {
        Bury(Secondary);
        if (!keepOld)
        {
            Bury(Primary);
        }

        Secondary = keepOld ? Primary : null;
        Primary = next;
        foreach (var credential in next.Both)
        {
            _all.Enqueue(credential);
        }
    }

    public void SecondaryRemoved()
    {
        Bury(Secondary);
        Secondary = null;
    }

    public void ClearDeleting()
    {
        Bury(Primary);
        Bury(Secondary);
        Deleted = true;
    }

    private static void Bury(Pair? pair)
    {
        pair?.Access.Dead();
        pair?.Refresh.Dead();
    }
}

/// <summary>Holds what clients were told against what the service must keep.</summary>
internal sealed class TokenBook
{
    private readonly ConcurrentQueue<string> _violations = [];
    private readonly ConcurrentDictionary<int, TokenModel> _tokens = [];
    private int _made;
    private long _operations;
    private long _looks;
    private long _repeats;

    public IReadOnlyCollection<string> Violations => _violations;

    public IEnumerable<TokenModel> Tokens => _tokens.Values;

    public long Operations => Interlocked.Read(ref _operations);

    public long Looks => Interlocked.Read(ref _looks);

    /// <summary>Answers that a retry healed: 503, and connections that broke.</summary>
    public long Repeats => Interlocked.Read(ref _repeats);

    /// <summary>When the last of those was seen.</summary>
    public long LastRepeat { get; private set; }

    public void Add(TokenModel token) => _tokens[Interlocked.Increment(ref _made)] = token;

    public TokenModel? Any(Random random)
    {
        var made = Volatile.Read(ref _made);
        return made == 0 ? null : _tokens.GetValueOrDefault(random.Next(1, made + 1));
    }

    public void Violation(string what) => _violations.Enqueue(what);

    public void Operated() => Interlocked.Increment(ref _operations);

    public void Repeated()
    {
        Interlocked.Increment(ref _repeats);
        LastRepeat = Stopwatch.GetTimestamp();
    }

    /// <summary>An introspection that began at a time has answered.</summary>
    public void Looked(TokenModel token, Credential credential, long began, bool active)
    {
        Interlocked.Increment(ref _looks);
        if (active && credential.DeadSince is > 0 and var dead && dead < began)
        {
            Violation($"token {token.Id}: a secret that was revoked {Stopwatch.GetElapsedTime(dead, began).TotalMilliseconds:f1} ms before the call is accepted; {Describe(token, credential, began)}");
        }

        if (!active && credential.AliveSince is > 0 and var alive && alive < began && credential.DoomedAt == 0)
        {
            Violation($"token {token.Id}: a secret that was handed out {Stopwatch.GetElapsedTime(alive, began).TotalMilliseconds:f1} ms before the call is refused; {Describe(token, credential, began)}");
        }
    }

    private static string Describe(TokenModel token, Credential credential, long began)
    {
        var place = token.All.ToList().IndexOf(credential);
        return $"secret {place} of {token.All.Count}, asked at {began / (Stopwatch.Frequency / 1000)} until {Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000)}; {token.History}";
    }
}
