using System.Net;
using System.Net.Sockets;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Limits;
using TokenActors.Domain.Members;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Http;

/// <summary>Limits of one gateway process. Zero switches a limit off.</summary>
internal sealed class RateLimits(GatewayOptions options, TimeProvider time)
{
    private readonly TokenBuckets<TokenId> _perToken = new(
        time, options.RequestsPerToken, options.RequestsPerToken * 2, TimeSpan.FromSeconds(1));

    /// <summary>Of tokens with a rate of their own, which is asked beside the one of all.</summary>
    private readonly TokenBuckets<TokenId> _ofToken = new(time, 1, 1, TimeSpan.FromSeconds(1));

    private readonly TokenBuckets<IPAddress> _failures = new(
        time, options.FailuresPerAddress, options.FailuresPerAddress, TimeSpan.FromMinutes(1));

    private readonly TokenBuckets<string> _logons = new(
        time, options.LogonsPerName, options.LogonsPerName, TimeSpan.FromMinutes(1));

    private readonly TokenBuckets<string> _reports = new(
        time, options.RequestsPerToken, options.RequestsPerToken * 2, TimeSpan.FromSeconds(1));

    private readonly TokenBuckets<(Guid Scheme, IPAddress Network)> _guesses = new(
        time, options.GuessesPerScheme, options.GuessesPerScheme, TimeSpan.FromMinutes(1));

    /// <summary>Takes a request from a token's bucket. Null where it may go on, else how long to wait.</summary>
    public TimeSpan? Request(TokenId token) => _perToken.Take(token);

    /// <summary>
    /// Takes a request from the bucket of a token that has a rate of its own. Null where it may go on, or has none.
    /// </summary>
    public TimeSpan? OwnRequest(TokenView token) => token.Limits is { PerSecond: { } rate } limits
        ? _ofToken.Take(token.Id, rate, limits.Burst ?? 2 * rate)
        : null;

    /// <summary>
    /// Whether a token's bucket is empty, for a secret that is not verified yet and so takes nothing. Null, or how long
    /// to wait.
    /// </summary>
    public TimeSpan? TooManyRequests(TokenId token) => _perToken.Ask(token);

    /// <summary>
    /// How many requests a token has left, and how long until its bucket is full; null where there is no limit.
    /// </summary>
    public (int Left, TimeSpan UntilFull)? Left(TokenId token) => _perToken.Left(token);

    /// <summary>
    /// Whether an address has failed too often of late; asked before any grain is. Null, or how long to wait.
    /// </summary>
    public TimeSpan? TooManyFailures(IPAddress? address) => _failures.Ask(NetworkOf(address));

    public void NoteFailure(IPAddress? address)
    {
        GatewayTelemetry.AuthenticationFailures.Add(1);
        _failures.Take(NetworkOf(address));
    }

    /// <summary>
    /// Whether too many keys of a scheme were presented of late that nobody has, from where this one comes: whoever
    /// tries keys elsewhere keeps nobody else's out. Null, or how long to wait.
    /// </summary>
    public TimeSpan? TooManyGuesses(Guid scheme, IPAddress? address) => _guesses.Ask((scheme, NetworkOf(address)));

    /// <summary>
    /// Takes a report from the bucket of who signed it, which is as large as a token's. Null where it may go on, else
    /// how long to wait.
    /// </summary>
    public TimeSpan? Report(string signer) => _reports.Take(signer);

    public void NoteGuess(Guid scheme, IPAddress? address) => _guesses.Take((scheme, NetworkOf(address)));

    /// <summary>
    /// Per organization and name, whether either is known or not: what the organization's grain counts over all
    /// gateways, this counts for organizations that do not exist too. Null where the attempt may go on, else how long
    /// to wait.
    /// </summary>
    public TimeSpan? Logon(string organization, string name) =>
        _logons.Take($"{organization.ToLowerInvariant()}\n{MemberNames.Compared(name)}");

    /// <summary>An IPv4 address, or the /64 of an IPv6 address, which is what one subscriber has to itself.</summary>
    private static IPAddress NetworkOf(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
