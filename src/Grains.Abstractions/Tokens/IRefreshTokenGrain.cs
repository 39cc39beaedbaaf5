using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Abstractions.Tokens;

/// <summary>
/// One refresh token: its two slots, grant, life and expiry reminder. Key: the token id as a lower-case UUID. Every
/// command is durable before it is answered; refusals are values of <see cref="TokenRefusal"/>. All members throw
/// <see cref="ServiceUnavailableException"/> where the database does not answer; asking again with the same command
/// id is safe. A caller with a grant gets <see cref="TokenRefusal.NotFound"/> for a token of another organization and
/// <see cref="TokenRefusal.BeyondGrant"/> for a token that may do more than it may.
/// <para>
/// A cancellation token ends a call that waits for its turn, reads or asks another grain, with
/// <see cref="OperationCanceledException"/>. A command whose commit is queued is carried out all the same; asking
/// again with the same command id tells its outcome. What grains ask of each other to finish something takes no
/// token.
/// </para>
/// </summary>
[Alias("TokenActors.IRefreshTokenGrain")]
public interface IRefreshTokenGrain : IGrainWithStringKey
{
    /// <summary>
    /// Creates the token. Refused: id or name taken, life out of bounds, owner gone, more than the caller has.
    /// </summary>
    [Alias("Issue")]
    Task<TokenAnswer> Issue(IssueToken command, CancellationToken cancellationToken = default);

    /// <summary>
    /// New primary, old primary to secondary, life renewed. The same spent secret gets the same pair again until its
    /// successor was used or for the grace. Refused: unknown, expired, superseded or reused secret, disabled,
    /// authority gone.
    /// </summary>
    [Alias("Refresh")]
    Task<TokenAnswer> Refresh(RefreshToken command, CancellationToken cancellationToken = default);

    /// <summary>
    /// As refresh, by an administrator: the old primary is accepted until its expiry or the deadline.
    /// </summary>
    [Alias("Rotate")]
    Task<TokenAnswer> Rotate(RenewToken command, CancellationToken cancellationToken = default);

    /// <summary>New primary, nothing earlier works; revives an expired record.</summary>
    [Alias("Reset")]
    Task<TokenAnswer> Reset(RenewToken command, CancellationToken cancellationToken = default);

    /// <summary>
    /// New primary within the life there is; the old one is accepted until the deadline, not at all without one.
    /// </summary>
    [Alias("Replace")]
    Task<TokenAnswer> Replace(RenewToken command, CancellationToken cancellationToken = default);

    /// <summary>Moves the secondary's deadline.</summary>
    [Alias("MoveDeadline")]
    Task<TokenAnswer> MoveDeadline(MoveTokenDeadline command, CancellationToken cancellationToken = default);

    /// <summary>Ends the secondary; removing nothing changes nothing.</summary>
    [Alias("RemoveSecondary")]
    Task<TokenAnswer> RemoveSecondary(ChangeToken command, CancellationToken cancellationToken = default);

    /// <summary>Sets a new life, counted from now.</summary>
    [Alias("SetLife")]
    Task<TokenAnswer> SetLife(SetTokenLife command, CancellationToken cancellationToken = default);

    /// <summary>Lets its secrets work again.</summary>
    [Alias("Enable")]
    Task<TokenAnswer> Enable(ChangeToken command, CancellationToken cancellationToken = default);

    /// <summary>No secret of it works until it is enabled.</summary>
    [Alias("Disable")]
    Task<TokenAnswer> Disable(ChangeToken command, CancellationToken cancellationToken = default);

    /// <summary>Changes its names.</summary>
    [Alias("Describe")]
    Task<TokenAnswer> Describe(DescribeToken command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Several changes as one. Refused: another version than expected, a secret version that goes back, rights beyond
    /// the caller's, and what the single commands refuse.
    /// </summary>
    [Alias("Edit")]
    Task<TokenAnswer> Edit(EditToken command, CancellationToken cancellationToken = default);

    /// <summary>Deletes it and all tokens made with it. Refused: a default token.</summary>
    [Alias("Delete")]
    Task<TokenAnswer> Delete(ChangeToken command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes the token with its owner, a default token too. For grains only: a caller is refused as not found.
    /// </summary>
    [Alias("EndWithOwner")]
    Task<TokenAnswer> EndWithOwner(ChangeToken command);

    /// <summary>
    /// Ends every access at once that a presented secret gives: see RFC 7009. Decides by which secret it is.
    /// </summary>
    [Alias("Revoke")]
    Task<TokenAnswer> Revoke(RevokeToken command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores the digest of a secret under the pepper in use, where it is stored under an older one. The grain calls
    /// itself after a verification; anything but a live credential is left as it is.
    /// </summary>
    [Alias("RenewDigest")]
    Task RenewDigest(SecretFingerprint presented);

    /// <summary>Whether a secret is accepted now. Counts as presenting it.</summary>
    [AlwaysInterleave]
    [Alias("Verify")]
    Task<Verification> Verify(VerifyToken query, CancellationToken cancellationToken = default);

    /// <summary>The token as it may be shown. Refused: not found.</summary>
    [AlwaysInterleave]
    [Alias("Get")]
    Task<TokenAnswer> Get(OrganizationId organization, CancellationToken cancellationToken = default);

    /// <summary>
    /// The token as it may be shown to a caller. Refused: not found, also where the caller's grant does not reach it.
    /// </summary>
    [AlwaysInterleave]
    [Alias("See")]
    Task<TokenAnswer> See(SeeToken query, CancellationToken cancellationToken = default);

    /// <summary>
    /// What the token may do now, for a caller that sees it. Refused: not found, also where the caller's grant does not
    /// reach it.
    /// </summary>
    [AlwaysInterleave]
    [Alias("GetGrant")]
    Task<TokenGrantAnswer> GetGrant(SeeToken query, CancellationToken cancellationToken = default);

    /// <summary>
    /// The answer that was given under an idempotency key within the last ten minutes; not found where there is none.
    /// </summary>
    [AlwaysInterleave]
    [Alias("Recall")]
    Task<TokenAnswer> GetIdempotentAnswer(byte[] key, byte[] request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes what is left below a deleted token. Idempotent; called by the grain itself and by its reminder.
    /// </summary>
    [Alias("FinishDelete")]
    Task FinishDelete();
}
