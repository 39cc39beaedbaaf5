using TokenActors.Client.Audit;
using TokenActors.Client.Http;
using TokenActors.Client.Jobs;

namespace TokenActors.Client.Tokens;

/// <summary><c>/lifecycle/v1/tokens</c>: tokens of every kind.</summary>
public sealed class TokensClient
{
    private const string Root = $"{ApiGroup.Lifecycle}/tokens";

    private readonly ApiGroup _api;

    internal TokensClient(ApiGroup api) => _api = api;

    /// <summary>The tokens that the bearer's grant reaches.</summary>
    /// <param name="query">filters, order and page; null: all</param>
    public Listing<Token> List(ListQuery? query = null) =>
        _api.Listing(ApiCall.Get(Root), query, ApiGroup.Json.PageToken);

    /// <summary>What was made with a token, and with that, and so on.</summary>
    /// <param name="id">the token</param>
    /// <param name="query">filters, order and page; null: all</param>
    public Listing<Token> Descendants(string id, ListQuery? query = null) =>
        _api.Listing(ApiCall.Get($"{PathOf(id)}/descendants"), query, ApiGroup.Json.PageToken);

    /// <summary>What happened to a token, the latest first.</summary>
    /// <param name="id">the token</param>
    /// <param name="query">the page; a history takes no filters and no order</param>
    public Listing<AuditRow> History(string id, ListQuery? query = null) =>
        _api.Listing(ApiCall.Get($"{PathOf(id)}/history"), query, ApiGroup.Json.PageAuditRow);

    /// <summary>A token, with its <see cref="Token.Tag"/>.</summary>
    /// <param name="id">the token</param>
    /// <param name="cancellation">ends the call</param>
    public Task<Token> Get(string id, CancellationToken cancellation = default) =>
        ReadToken(ApiCall.Get(PathOf(id)), cancellation);

    /// <summary>How many tokens there are and how they are; for bearers that are whole in the organization.</summary>
    /// <param name="cancellation">ends the call</param>
    public Task<Overview> Overview(CancellationToken cancellation = default) =>
        _api.Connection.Read(ApiCall.Get($"{ApiGroup.Lifecycle}/overview"), ApiGroup.Json.Overview, cancellation);

    /// <summary>How often a token was accepted and refused, by hour, and the last networks it was used from.</summary>
    /// <param name="id">the token</param>
    /// <param name="days">1 to 35</param>
    /// <param name="cancellation">ends the call</param>
    public Task<TokenUsage> Usage(string id, int days = 7, CancellationToken cancellation = default) => _api.Connection.Read(
        ApiCall.Get($"{PathOf(id)}/usage").With(
            "days", days.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ApiGroup.Json.TokenUsage, cancellation);

    /// <summary>May it, and which clause of its grant says so. It is no use of the token.</summary>
    /// <param name="id">the token</param>
    /// <param name="action">such as <c>accounts:get</c></param>
    /// <param name="resource"><c>organization</c>, <c>account/{id or name}</c> or <c>integration/{id}</c></param>
    /// <param name="clientIp">from where</param>
    /// <param name="cancellation">ends the call</param>
    public Task<CanAnswer> Can(
        string id, string action, string? resource = null, string? clientIp = null, CancellationToken cancellation = default) =>
        _api.Connection.Read(
            ApiCall.Get($"{PathOf(id)}/can").With("action", action).With("resource", resource).With("client_ip", clientIp),
            ApiGroup.Json.CanAnswer, cancellation);

    /// <summary>Makes a token; the answer holds its secrets.</summary>
    /// <param name="token">what it is to be</param>
    public Change<Token, Preview> Create(NewToken token) =>
        Renewal(ApiCall.Post(Root).With(token, ApiGroup.Json.NewToken));

    /// <summary>Changes what describes and bounds a token.</summary>
    /// <param name="id">the token</param>
    /// <param name="patch">what is to change</param>
    /// <param name="tag">the <see cref="Token.Tag"/> that the change was made from; 412 where it is another by
    /// now</param>
    public Change<Token, Preview> Patch(string id, TokenPatch patch, string tag)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return Renewal(ApiCall.MergePatch(PathOf(id), tag).With(patch.Fields, ApiGroup.Json.JsonObject));
    }

    /// <summary>A new pair; the former is accepted until its own end, or the deadline.</summary>
    /// <param name="id">the token</param>
    /// <param name="deadline">until when the former pair is accepted at most</param>
    /// <param name="mintedAt">when the pair was minted that is to become the former one; 412 where it is another by
    /// now</param>
    public Change<Token, Preview> Rotate(string id, DateTimeOffset? deadline = null, DateTimeOffset? mintedAt = null) =>
        Renewal(Command(id, "rotate").With(new(deadline, mintedAt), ApiGroup.Json.RotateBody));

    /// <summary>A new pair as an administrator makes it: a rotation without a deadline.</summary>
    /// <param name="id">the token</param>
    public Change<Token, Preview> Refresh(string id) => Renewal(Command(id, "refresh"));

    /// <summary>A new pair, and nothing earlier works; revives an expired token.</summary>
    /// <param name="id">the token</param>
    public Change<Token, Preview> Reset(string id) => Renewal(Command(id, "reset"));

    /// <summary>Lets a disabled token work again.</summary>
    /// <param name="id">the token</param>
    public Change<Token, Preview> Enable(string id) => Renewal(Command(id, "enable"));

    /// <summary>Lets no secret of it work until it is enabled; its life runs on.</summary>
    /// <param name="id">the token</param>
    public Change<Token, Preview> Disable(string id) => Renewal(Command(id, "disable"));

    /// <summary>Until when the former pair is accepted, also in the past.</summary>
    /// <param name="id">the token</param>
    /// <param name="deadline">the new deadline</param>
    public Change<Token, Preview> MoveDeadline(string id, DateTimeOffset deadline) =>
        Renewal(Command(id, "move-deadline").With(new(deadline), ApiGroup.Json.RotateBody));

    /// <summary>Ends the former pair at once.</summary>
    /// <param name="id">the token</param>
    public Change<Token, Preview> RemoveSecondary(string id) => Renewal(Command(id, "remove-secondary"));

    /// <summary>Ends a token and what was made with it.</summary>
    /// <param name="id">the token</param>
    public Change<Done, Preview> Delete(string id) =>
        _api.Removal(ApiCall.Delete(PathOf(id)) with { Safety = RepeatSafety.ByKey });

    /// <summary>
    /// Deletes every token that the filters match, and disables those that are default tokens. Its preview gives a
    /// plan, which <see cref="Revoke(string)"/> starts.
    /// </summary>
    /// <param name="filters">as in a list; at least one</param>
    public Change<Job, Plan> RevokeMany(IReadOnlyList<string> filters) => Revocation(new(filters, null));

    /// <summary>Starts a plan: exactly the tokens that it chose.</summary>
    /// <param name="plan">its id</param>
    public Change<Job> Revoke(string plan) => Revocation(new(null, plan));

    /// <summary>What up to 100 secrets are now. It is a use of each that is active.</summary>
    /// <param name="secrets">access secrets</param>
    /// <param name="areRefreshSecrets">they may be refresh secrets too</param>
    /// <param name="clientIp">from where they were presented</param>
    /// <param name="cancellation">ends the call</param>
    public async Task<IReadOnlyList<Introspection>> Introspect(
        IReadOnlyList<Secret> secrets, bool areRefreshSecrets = false, string? clientIp = null, CancellationToken cancellation = default)
    {
        var body = new IntrospectBody(
            [.. secrets.Select(secret => secret.Reveal())], areRefreshSecrets ? "refresh_token" : null, clientIp);
        var call = new ApiCall(HttpMethod.Post, $"{ApiGroup.Lifecycle}/introspect").With(
            body, ApiGroup.Json.IntrospectBody);
        var told = (await _api.Connection.Read(
            call, ApiGroup.Json.PageIntrospection, cancellation).ConfigureAwait(false)).Items;
        return told.Count == secrets.Count
            ? told
            : throw new CallFailedException("The service's answer does not speak of each secret that was asked about.");
    }

    /// <summary>Reports secrets that were found where they should not be; nothing says which of them live.</summary>
    /// <param name="found">at most 100, alone or within other text</param>
    /// <param name="cancellation">ends the call</param>
    public Task ReportLeaks(IReadOnlyList<string> found, CancellationToken cancellation = default) => _api.Connection.Run(
        new ApiCall(HttpMethod.Post, $"{ApiGroup.Lifecycle}/leaks").With(new(found), ApiGroup.Json.LeakBody), cancellation);

    private static string PathOf(string id) => $"{Root}/{ApiGroup.Part(id)}";

    private static ApiCall Command(string id, string command) => ApiCall.Post($"{PathOf(id)}/{command}");

    private Change<Token, Preview> Renewal(ApiCall call) => _api.Previewed(call, ReadToken);

    private Change<Job, Plan> Revocation(RevokeBody body) => new(
        ApiCall.Post($"{Root}/revoke").With(body, ApiGroup.Json.RevokeBody),
        (call, cancellation) => _api.Connection.Read(call, ApiGroup.Json.Job, cancellation),
        (call, cancellation) => _api.Connection.Read(call, ApiGroup.Json.Plan, cancellation));

    internal async Task<Token> ReadToken(ApiCall call, CancellationToken cancellation)
    {
        var (token, tag) = await _api.Connection.ReadTagged(
            call, ApiGroup.Json.Token, cancellation).ConfigureAwait(false);
        return token with { Tag = tag };
    }
}
