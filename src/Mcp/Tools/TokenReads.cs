using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using TokenActors.Client.Audit;
using TokenActors.Client.Policies;
using TokenActors.Client.Tokens;
using TokenActors.Mcp.Callers;
using TokenActors.Mcp.Foundation;

namespace TokenActors.Mcp.Tools;

/// <summary>What can be asked about tokens.</summary>
internal sealed class TokenReads(McpSession session, TimeProvider time)
{
    private const string Id = "the token's id";
    private const string Filters =
        "conditions that must all hold, each as field[operator]value with the operators eq, neq, like, not like, "
        + "in, not in, gt, gte, lt, lte. Fields: id, name, full_name, description, labels, contact, kind (default, "
        + "session, adhoc, integration, mcp, bridge, cloudflare, launchdarkly, boomerang), profile, state (active, "
        + "disabled, expired), owner_type, owner_id, account_id, member_id, parent_id, belongs_to, permission_set, "
        + "roles, life, created_at, updated_at, expires_at, last_used_at, secondary_deadline. "
        + "Example: kind[in]adhoc,mcp";

    private const string Order = "field[asc] or field[desc], the most important first; by id where it is left out";

    [Tool("token_search", "Search tokens", "tokens:list")]
    [Description("Lists the organization's tokens of every kind that the caller reaches: state, ends, owner, last "
        + "use, labels. Never secrets.")]
    public Task<Rows<Token>> Search(
        [Description(Filters)] string[]? filter = null,
        [Description(Order)] string[]? order = null,
        [Description(Paging.Limit), Range(1, Paging.MostRows)] int limit = Paging.RowsByDefault,
        [Description(Paging.Cursor)] string? cursor = null,
        CancellationToken cancellation = default) =>
        Rows<Token>.Of(session.Client.Tokens.List(Paging.Query(filter, order, limit, cursor)), cancellation);

    [Tool("token_get", "Show a token", "tokens:get")]
    [Description("Everything that is known of one token, but its secrets.")]
    public Task<Token> Get([Description(Id)] string id, CancellationToken cancellation = default) =>
        session.Client.Tokens.Get(id, cancellation);

    [Tool("token_history", "History of a token", "tokens:get", "audit:list")]
    [Description("What happened to a token, the latest first: by whom, from where, and what came of it.")]
    public Task<Rows<AuditRow>> History(
        [Description(Id)] string id,
        [Description(Paging.Limit), Range(1, Paging.MostRows)] int limit = Paging.RowsByDefault,
        [Description(Paging.Cursor)] string? cursor = null,
        CancellationToken cancellation = default) =>
        Rows<AuditRow>.Of(session.Client.Tokens.History(id, Paging.Query(null, null, limit, cursor)), cancellation);

    [Tool("token_usage", "Use of a token", "tokens:get")]
    [Description("How often a token was accepted and refused, by hour in UTC, and the last networks that it was "
        + "used from. Up to a minute late.")]
    public Task<TokenUsage> Usage(
        [Description(Id)] string id,
        [Description("how many days back, 1 to 35"), Range(1, 35)] int days = 7,
        CancellationToken cancellation = default) => session.Client.Tokens.Usage(id, days, cancellation);

    [Tool("token_descendants", "What was made with a token", "tokens:get")]
    [Description("The tokens that were made with a token, with those, and so on: what a leaked token may have left "
        + "behind.")]
    public Task<Rows<Token>> Descendants(
        [Description(Id)] string id,
        [Description(Filters)] string[]? filter = null,
        [Description(Paging.Limit), Range(1, Paging.MostRows)] int limit = Paging.RowsByDefault,
        [Description(Paging.Cursor)] string? cursor = null,
        CancellationToken cancellation = default) =>
        Rows<Token>.Of(session.Client.Tokens.Descendants(id, Paging.Query(filter, null, limit, cursor)), cancellation);

    [Tool("tokens_expiring", "Tokens that end soon", "tokens:list")]
    [Description("Active tokens whose life ends within some days, the first to end first.")]
    public Task<Rows<Token>> Expiring(
        [Description("within how many days"), Range(1, 3650)] int days = 7,
        [Description(Paging.Limit), Range(1, Paging.MostRows)] int limit = Paging.RowsByDefault,
        [Description(Paging.Cursor)] string? cursor = null,
        CancellationToken cancellation = default)
    {
        string[] filter = ["state[eq]active", $"expires_at[lte]{Instant(days)}"];
        return List(filter, "expires_at[asc]", limit, cursor, cancellation);
    }

    [Tool("tokens_unused", "Tokens that nobody uses", "tokens:list")]
    [Description("Active tokens that are older than some days and were not used within them, or never.")]
    public Task<Rows<Token>> Unused(
        [Description("for how many days"), Range(1, 3650)] int days = 90,
        [Description(Paging.Limit), Range(1, Paging.MostRows)] int limit = Paging.RowsByDefault,
        [Description(Paging.Cursor)] string? cursor = null,
        CancellationToken cancellation = default)
    {
        var since = Instant(-days);
        string[] filter = ["state[eq]active", $"created_at[lt]{since}", $"last_used_at[lt]{since}"];
        return List(filter, "last_used_at[asc]", limit, cursor, cancellation);
    }

    [Tool("policy_breaches", "Tokens against the policy", "organizations:get", IsWhole = true)]
    [Description("Tokens that live on although the organization's policy would not allow them now, each with what "
        + "it breaches.")]
    public Task<Rows<Breach>> Breaches(
        [Description(Filters)] string[]? filter = null,
        [Description(Paging.Limit), Range(1, Paging.MostRows)] int limit = Paging.RowsByDefault,
        [Description(Paging.Cursor)] string? cursor = null,
        CancellationToken cancellation = default) =>
        Rows<Breach>.Of(session.Client.Policy.Breaches(Paging.Query(filter, null, limit, cursor)), cancellation);

    [Tool("token_can", "May a token do something", "tokens:get")]
    [Description("Whether a token may do something, and which clause of its grant says so, or why not. It is no use "
        + "of the token.")]
    public Task<CanAnswer> Can(
        [Description(Id)] string id,
        [Description("an action, such as accounts:get")] string action,
        [Description("organization (left out), account/{id or name} or integration/{id}")] string? resource = null,
        [Description("an IP address from where it would be done; left out: not asked")] string? address = null,
        CancellationToken cancellation = default) =>
        session.Client.Tokens.Can(id, action, resource, address, cancellation);

    private Task<Rows<Token>> List(
        string[] filter, string order, int limit, string? cursor, CancellationToken cancellation) =>
        Rows<Token>.Of(session.Client.Tokens.List(Paging.Query(filter, [order], limit, cursor)), cancellation);

    private string Instant(int days) =>
        time.GetUtcNow().AddDays(days).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
