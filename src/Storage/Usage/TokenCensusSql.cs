using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Lists;

namespace TokenActors.Storage.Usage;

/// <summary>
/// Counts the tokens of all organizations that end soon, or that nobody uses. What ends within a time is due within it
/// at the latest, so that the index of due rows finds it; every token has a row of uses from its first version on. It
/// walks the uses of all tokens, which is why it is asked once in minutes.
/// </summary>
internal sealed class TokenCensusSql(SqlText sql, string serviceId, DateTimeOffset now)
{
    private readonly ListParameters _parameters = new(serviceId);
    private readonly FieldSql _fields = new(sql, now);

    public IReadOnlyList<(string Name, object? Value)> Parameters => _parameters.All;

    public string Text()
    {
        var unusedSince = _parameters.Add(Times.Micros(now - TokenCountSql.UnusedFor));
        var current = _parameters.Add(Times.Micros(now));
        var latest = _parameters.Add(Times.Micros(now.AddDays(30)));
        return $"""
            SELECT {EndsWithin(1)}, {EndsWithin(7)}, {EndsWithin(30)}, (
                SELECT CAST(COUNT(*) AS bigint) FROM token_uses u
                JOIN records r ON r.service_id = @service AND r.kind = 'token' AND r.id = u.token_id
                WHERE u.service_id = @service AND u.last_used_at < {unusedSince} AND r.status = 'live' AND r.created_at < {unusedSince}
                    AND r.expires_at > {current})
            FROM records
            WHERE service_id = @service AND due_at <= {latest} AND kind = 'token' AND status = 'live'
                AND expires_at > {current} AND expires_at <= {latest} AND {Kind()} <> 'session'
            """;
    }

    private string EndsWithin(int days)
    {
        var until = _parameters.Add(Times.Micros(now.AddDays(days)));
        var life = _parameters.Add((long)TimeSpan.FromDays(days).TotalMicroseconds);
        return $"CAST(COALESCE(SUM(CASE WHEN expires_at <= {until} AND expires_at - created_at > {life} THEN 1 ELSE 0 END), 0) AS bigint)";
    }

    private string Kind() => _fields.Expression(
        LifecycleTokenList.Schema.Find("kind") ?? throw new InvalidOperationException(
            "the list of tokens has no kinds"));
}
