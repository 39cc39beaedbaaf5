using TokenActors.Client;
using TokenActors.Client.Audit;
using TokenActors.Client.Tokens;
using TokenActors.WebConsole.Parts;

namespace TokenActors.WebConsole.Tokens;

/// <summary>Everything that the page of a token shows. What the person may not see is null.</summary>
public sealed record TokenDetails(
    Token Token, TokenUsage? Usage, ListPage<AuditRow>? History, ListPage<Token>? Descendants)
{
    /// <summary>As long as the service keeps its uses.</summary>
    public const int Days = 35;

    private const int Rows = 20;
    private const int Branches = 200;

    /// <summary>The member whose session it is; null where it is none.</summary>
    public string? SessionOf => Token.Kind == "session" ? Token.MemberId : null;

    /// <summary>Who is behind it, and who did what its history says.</summary>
    public IEnumerable<string?> Members =>
        (History?.Items ?? []).Select(row => Actors.MemberOf(row, SessionOf)).Prepend(Token.MemberId);

    /// <summary>Asks for all of it at once.</summary>
    public static async Task<TokenDetails> Read(TokenActorsClient api, string id, CancellationToken cancellation)
    {
        var token = api.Tokens.Get(id, cancellation);
        var usage = OrNull(api.Tokens.Usage(id, Days, cancellation));
        var history = OrNull(api.Tokens.History(id, new ListQuery { Limit = Rows }).Page(cancellation));
        var descendants = OrNull(api.Tokens.Descendants(id, new ListQuery { Limit = Branches }).Page(cancellation));
        return new(await token, await usage, await history, await descendants);
    }

    /// <summary>A part that is refused, or cannot be had now, does not take the page with it.</summary>
    private static async Task<T?> OrNull<T>(Task<T> part)
        where T : class
    {
        try
        {
            return await part;
        }
        catch (TokenActorsException)
        {
            return null;
        }
    }
}
