using System.Net;
using System.Text.Json.Serialization;
using TokenActors.Client.Http;
using TokenActors.Client.Resources;

namespace TokenActors.Client.Session;

/// <summary>Log-on, renewal and log-off, and who one is.</summary>
public sealed class SessionClient
{
    private const string Auth = $"{ApiGroup.Management}/auth";

    private readonly ApiGroup _api;
    private readonly TokenActorsClient _client;

    internal SessionClient(ApiGroup api, TokenActorsClient client) => (_api, _client) = (api, client);

    /// <summary>
    /// Logs a member on. <see cref="LogOn.AuthCode"/> may be <c>expired</c> or <c>invited</c>: then the secret may
    /// change the password and nothing else.
    /// </summary>
    /// <param name="organization">id or name</param>
    /// <param name="name">the member's</param>
    /// <param name="password">the member's</param>
    /// <param name="cancellation">ends the call</param>
    public async Task<LogOn> LogOn(
        string organization, string name, Secret password, CancellationToken cancellation = default)
    {
        // A session whose answer was lost ends by itself; a repetition would count as another attempt.
        var call = new ApiCall(HttpMethod.Post, $"{Auth}/logon/{ApiGroup.Part(organization)}")
        {
            IsAnonymous = true, Safety = RepeatSafety.Never,
        };
        var (body, answer) = await _api.Connection.ReadWhole(
            call.With(new(name, password), ApiGroup.Json.LogOnBody), ApiGroup.Json.EnvelopeLogOn, cancellation)
            .ConfigureAwait(false);
        return body.Result with { AnsweredAt = answer.Date };
    }

    /// <summary>Ends the bearer's session, with all that was made with it.</summary>
    /// <param name="cancellation">ends the call</param>
    public Task LogOff(CancellationToken cancellation = default) => _api.Connection.Run(
        new ApiCall(HttpMethod.Post, $"{Auth}/logoff") { Safety = RepeatSafety.Replace }, cancellation);

    /// <summary>
    /// A new pair of the token that a refresh secret belongs to, by that secret alone. Whoever holds it gets the same
    /// pair again while that was not used, and for ten minutes under the same key.
    /// </summary>
    /// <param name="refresh">the refresh secret</param>
    public Change<RenewedToken> Refresh(Secret refresh)
    {
        ArgumentNullException.ThrowIfNull(refresh);
        var id = TokenIds.Of(refresh.Reveal())
            ?? throw new ArgumentException("That is no secret of this service.", nameof(refresh));
        return new PlainChange<RenewedToken>(
            new ApiCall(HttpMethod.Put, $"{ApiGroup.Management}/tokens/{id}/refresh") { Bearer = refresh, Safety = RepeatSafety.ByKey },
            async (call, cancellation) =>
            {
                var (body, answer) = await _api.Connection
                    .ReadWhole(call, ApiGroup.Json.EnvelopeRenewedToken, cancellation).ConfigureAwait(false);
                return body.Result with { AnsweredAt = answer.Date };
            });
    }

    /// <summary>Changes the bearer's own password, which ends its other sessions.</summary>
    /// <param name="old">the password so far</param>
    /// <param name="changed">the new one</param>
    /// <param name="revokesTokens">ends the member's other tokens too</param>
    /// <param name="cancellation">ends the call</param>
    public Task ChangePassword(Secret old, Secret changed, bool revokesTokens = false, CancellationToken cancellation = default) =>
        _api.Connection.Read(
            new ApiCall(HttpMethod.Post, $"{Auth}/change_password") { Safety = RepeatSafety.Never }.With(
                new(old, changed, revokesTokens ? true : null), ApiGroup.Json.ChangePasswordBody),
            ApiGroup.Json.EnvelopePasswordChange, cancellation);

    /// <summary>Who the bearer is.</summary>
    /// <param name="cancellation">ends the call</param>
    public async Task<Identity> Identity(CancellationToken cancellation = default)
    {
        var bearer = await _api.Connection.Bearer(cancellation).ConfigureAwait(false)
            ?? throw new InvalidOperationException("There is no bearer.");

        // What has not the form of a secret is refused by the service, as any other that it does not know.
        var id = TokenIds.Of(bearer) ?? Guid.Empty.ToString();
        var token = await _client.Tokens.Get(id, cancellation).ConfigureAwait(false);
        return new(
            token,
            await IfSeen(_client.Members.Get(token.MemberId, cancellation)).ConfigureAwait(false),
            await IfSeen(_client.Organization.Get(cancellation)).ConfigureAwait(false));
    }

    private static async Task<T?> IfSeen<T>(Task<T> read)
        where T : class
    {
        try
        {
            return await read.ConfigureAwait(false);
        }
        catch (TokenActorsException e) when (e.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}

/// <summary>A log-on that was let in.</summary>
/// <param name="AuthCode"><c>success</c>, <c>expired</c> or <c>invited</c></param>
/// <param name="AuthMsg">more of it</param>
/// <param name="RefreshTokenId">the session's token</param>
/// <param name="Token">its secrets</param>
/// <param name="Organization">the member's</param>
/// <param name="Member">who logged on</param>
public sealed record LogOn(
    string AuthCode, string? AuthMsg, string RefreshTokenId, IssuedPair Token, Organization Organization, Member Member)
    : IAnswer
{
    bool IAnswer.IsWhole => Token?.Access?.Secret is not null && Member is not null && Organization is not null;

    /// <summary>The secret may change the password and nothing else.</summary>
    public bool MustChangePassword => AuthCode != "success";

    /// <summary>
    /// When the service answered, by its own clock and in whole seconds; null where the answer does not say so. Times
    /// in the answer are of that clock.
    /// </summary>
    [JsonIgnore]
    public DateTimeOffset? AnsweredAt { get; init; }
}

/// <summary>A token that its holder refreshed.</summary>
/// <param name="Id">its id</param>
/// <param name="Name">its name</param>
/// <param name="CreatedAt">when it was made</param>
/// <param name="Expires">the end of its life</param>
/// <param name="TokenTtl">how long its access secrets live</param>
/// <param name="Primary">the new secrets</param>
public sealed record RenewedToken(
    string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset Expires, string TokenTtl, IssuedPair Primary)
    : IAnswer
{
    bool IAnswer.IsWhole => Primary?.Access?.Secret is not null;

    /// <summary>
    /// When the service answered, by its own clock and in whole seconds; null where the answer does not say so. Times
    /// in the answer are of that clock.
    /// </summary>
    [JsonIgnore]
    public DateTimeOffset? AnsweredAt { get; init; }
}

internal sealed record LogOnBody(string Name, Secret Secret);

/// <summary>The answer to a change of the password.</summary>
internal sealed record PasswordChange(string AuthCode) : IAnswer
{
    bool IAnswer.IsWhole => AuthCode is not null;
}

internal sealed record ChangePasswordBody(Secret OldSecret, Secret NewSecret, bool? RevokeTokens);
