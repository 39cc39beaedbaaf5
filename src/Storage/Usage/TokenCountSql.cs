using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Lists;

namespace TokenActors.Storage.Usage;

/// <summary>
/// Counts the tokens of one organization in one statement, by the very expressions that lists filter by, so that a
/// number agrees with the list that it leads to. It looks at so many rows at most, in the order of their index.
/// </summary>
internal sealed class TokenCountSql(SqlText sql, string serviceId, DateTimeOffset now)
{
    public static readonly TimeSpan UnusedFor = TimeSpan.FromDays(90);

    private readonly ListParameters _parameters = new(serviceId);
    private readonly FieldSql _fields = new(sql, now);

    public IReadOnlyList<(string Name, object? Value)> Parameters => _parameters.All;

    public string Of(string organizationId, int most)
    {
        var organization = _parameters.Add(organizationId);
        var since = _parameters.Add(Times.Micros(now - UnusedFor));
        return $"""
            SELECT token_kind, token_state, CAST(COUNT(*) AS bigint), {Sum("ends_1")}, {Sum("ends_7")}, {Sum("ends_30")}, {Sum("unused")}, {Sum("former")}
            FROM (
                SELECT {Expression("kind")} AS token_kind, {Expression("state")} AS token_state,
                    {Flag(EndsWithin(1), "ends_1")}, {Flag(EndsWithin(7), "ends_7")}, {Flag(EndsWithin(30), "ends_30")},
                    {Flag($"created_at < {since} AND COALESCE(used_at, 0) < {since}", "unused")},
                    {Flag($"{Expression("secondary_access_expires_at")} <> 0", "former")}
                FROM records LEFT JOIN (
                    SELECT token_id AS used_id, last_used_at AS used_at FROM token_uses
                    WHERE service_id = @service AND organization_id = {organization}) u ON u.used_id = id
                WHERE service_id = @service AND organization_id = {organization} AND kind = 'token' AND status = 'live'
                ORDER BY id {_parameters.Limit(sql, 0L, most)}) counted
            GROUP BY token_kind, token_state ORDER BY token_kind, token_state
            """;
    }

    private string EndsWithin(int days) =>
        $"expires_at > {_parameters.Add(Times.Micros(now))} AND expires_at <= {_parameters.Add(Times.Micros(now.AddDays(days)))}";

    private string Expression(string field) => _fields.Expression(
        LifecycleTokenList.Schema.Find(field) ?? throw new ArgumentException($"no list has {field}", nameof(field)));

    private static string Flag(string condition, string name) => $"CASE WHEN {condition} THEN 1 ELSE 0 END AS {name}";

    private static string Sum(string column) => $"CAST(SUM({column}) AS bigint)";
}
