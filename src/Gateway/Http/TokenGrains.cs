using System.Collections.Concurrent;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Hosting.Clustering;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Gateway.Http;

/// <summary>
/// The gateway's way to tokens. References to their grains are kept for those that are asked often: Orleans looks an
/// interface's name up by reflection each time that a reference is made (decision 21). One that was not verified lately
/// is verified from its row, and comes into memory when it is verified again (decision 54).
/// </summary>
/// <param name="grains">of the silo or the client in this process</param>
/// <param name="time">the service's clock</param>
/// <param name="earlier">silos that would drop what restricts a token</param>
/// <param name="local">of the silo in this process; null in a client</param>
internal sealed class TokenGrains(
    IGrainFactory grains, TimeProvider time, EarlierSilos earlier, ILocalTokenVerifier? local = null)
{
    private const int MostKept = 50_000;

    private static readonly TokenAnswer UpgradePending = new() { Refusal = TokenRefusal.UpgradePending };

    private readonly ConcurrentDictionary<TokenId, IRefreshTokenGrain> _kept = [];
    private readonly RecentTokens _recent = new(time);
    private ITokenIssuerGrain? _issuer;
    private ITokenReaderGrain? _reader;
    private int _made;

    /// <summary>
    /// Not made before it is asked: a client knows the interfaces of its cluster once it is connected.
    /// </summary>
    private ITokenIssuerGrain Issuer => _issuer ??= grains.GetGrain<ITokenIssuerGrain>("0");

    private ITokenReaderGrain Reader => _reader ??= grains.GetGrain<ITokenReaderGrain>("0");

    public IRefreshTokenGrain this[TokenId id] => _kept.TryGetValue(id, out var grain) ? grain : Make(id);

    /// <summary>
    /// Asks the token's grain, without a message where it is in this process and has nothing to note; the first time in
    /// a while its row.
    /// </summary>
    public ValueTask<Verification> Verify(TokenId id, VerifyToken query)
    {
        if (TryVerifyLocally(id, query) is { } verification)
        {
            return new(verification);
        }

        return IsRecent(id, query) ? new(this[id].Verify(query)) : VerifyStored(id, query);
    }

    /// <summary>
    /// After all else was asked: a secret that is accepted is a use of a token that has a number of them, which its
    /// grain counts. Of any other token nothing is asked again.
    /// </summary>
    /// <param name="id">the token</param>
    /// <param name="query">by which it was accepted</param>
    /// <param name="verification">the answer</param>
    public ValueTask<Verification> Use(TokenId id, VerifyToken query, Verification verification) =>
        verification.Token?.Limits?.Uses is null
            ? new(verification)
            : new(this[id].Verify(query with { IsUse = true }));

    /// <summary>
    /// The answer of a token's grain in this process that has nothing to note; null where it has to be asked.
    /// </summary>
    public Verification? TryVerifyLocally(TokenId id, VerifyToken query) => local?.TryVerify(id, query);

    /// <summary>Makes a token under an id that is new, or derived from a call with an idempotency key.</summary>
    public Task<TokenAnswer> Issue(ApiRequest request, TokenId id, IssueToken command) => earlier.Understand(command)
        ? request.Command(
            () => Issuer.Issue(id, command), () => grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Issue(command))
        : Task.FromResult(UpgradePending);

    /// <summary>Changes what a token is, of a grain that was asked for it.</summary>
    public Task<TokenAnswer> Edit(ApiRequest request, IRefreshTokenGrain grain, EditToken command) => earlier.Understand(command)
        ? request.Command(() => grain.Edit(command))
        : Task.FromResult(UpgradePending);

    /// <summary>A question before a use is not the first of two uses.</summary>
    private bool IsRecent(TokenId id, VerifyToken query) => query.IsQuestion ? _recent.WasSeen(id) : _recent.Note(id);

    private async ValueTask<Verification> VerifyStored(TokenId id, VerifyToken query) => local is null
        ? await Reader.Verify(id, query)
        : await local.VerifyStored(id, query, CancellationToken.None).AsTask().WaitAsync(ServiceOptions.ResponseTimeout)
            ?? await this[id].Verify(query);

    private IRefreshTokenGrain Make(TokenId id)
    {
        // Counted beside the dictionary, whose own Count takes all of its locks. A reference holds no state, so that
        // all may be dropped.
        if (Interlocked.Increment(ref _made) % MostKept == 0)
        {
            _kept.Clear();
        }

        return _kept[id] = grains.GetGrain<IRefreshTokenGrain>(id.ToString());
    }
}
