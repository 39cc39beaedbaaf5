using TokenActors.Storage.Databases;
using TokenActors.Storage.Writing;
using static TokenActors.Storage.Databases.Times;

namespace TokenActors.Storage.Usage;

/// <summary>
/// When, from where and how often tokens were used, in tables of its own: no use moves an index of <c>records</c>.
/// Every member throws <see cref="Records.StorageUnavailableException"/> where the database does not answer.
/// </summary>
public sealed class TokenUseStore
{
    /// <summary>Networks that are kept of a token.</summary>
    public const int MostAddresses = 5;

    private const int RowsAtOnce = 500;

    private readonly Database _database;
    private readonly string _serviceId;
    private readonly GroupCommit _writer;
    private readonly Queries _queries;
    private readonly TokenDays _days;

    internal TokenUseStore(Database database, string serviceId, GroupCommit writer, Queries queries)
    {
        (_database, _serviceId, _writer, _queries) = (database, serviceId, writer, queries);
        _days = new TokenDays(database, serviceId, writer, queries);
    }

    /// <summary>Notes what became of tokens, each of which is there once.</summary>
    /// <param name="uses">some tokens, a few hundred at most</param>
    public async Task Write(IReadOnlyCollection<TokenUsage> uses)
    {
        foreach (var some in uses.Chunk(RowsAtOnce))
        {
            if (some.Any(use => use.LastAt is not null))
            {
                await Execute(
                    "note_token_uses", ("rows", JsonRows.Of(some.Where(use => use.LastAt is not null), WriteUse)));
            }

            var addresses = some.SelectMany(use => use.Addresses.Select(address => (use.TokenId, Address: address))).ToList();
            if (addresses.Count > 0)
            {
                await Execute(
                    "note_token_addresses",
                    ("rows", JsonRows.Of(addresses, (to, row) => WriteAddress(to, row.TokenId, row.Address))));
                await Execute(
                    "trim_token_addresses",
                    ("keys", JsonArray.Of([.. addresses.Select(row => row.TokenId).Distinct()])), ("most", (long)MostAddresses));
            }

            // The last, since what is done again adds up here alone.
            await _days.Add(some);
        }
    }

    /// <summary>The last uses of some tokens; those that were never used are left out.</summary>
    public async Task<IReadOnlyList<LastTokenUse>> LastUses(IReadOnlyCollection<string> tokenIds) => tokenIds.Count == 0 ? [] :
    [
        .. (await _queries.Many(
            "last_token_uses",
            row => (Id: row.GetString(0), At: row.GetInt64(1), Address: row.IsDBNull(2) ? null : row.GetString(2),
                Client: row.IsDBNull(3) ? null : row.GetString(3)),
            ("keys", JsonArray.Of([.. tokenIds]))))
            .Where(use => use.At > 0)
            .Select(use => new LastTokenUse(use.Id, OfMicros(use.At), use.Address, use.Client)),
    ];

    /// <summary>The last networks that a token was used from, the last first.</summary>
    public Task<IReadOnlyList<TokenAddress>> Addresses(string tokenId) => _queries.Many(
        "token_addresses",
        row => new TokenAddress(
            row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), OfMicros(row.GetInt64(2)), OfMicros(row.GetInt64(3))),
        ("token", tokenId));

    /// <summary>
    /// The live tokens of an organization by kind and state, of at most so many that are looked at.
    /// </summary>
    public Task<IReadOnlyList<TokenCounts>> Counts(string organizationId, DateTimeOffset now, int most) =>
        _queries.Guarded(async connection =>
        {
            TokenCountSql counts = new(_database.Sql, _serviceId, now);
            await using var command = connection.Command(counts.Of(organizationId, most), [.. counts.Parameters]);
            return (IReadOnlyList<TokenCounts>)await command.ReadAll(row => new TokenCounts(
                row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
                row.GetInt64(6),
                row.GetInt64(7)));
        });

    /// <summary>The tokens of all organizations that end soon, or that nobody uses.</summary>
    public Task<TokenCensus> Census(DateTimeOffset now) => _queries.Guarded(async connection =>
    {
        TokenCensusSql census = new(_database.Sql, _serviceId, now);
        await using var command = connection.Command(census.Text(), [.. census.Parameters]);
        command.CommandTimeout = Commands.NoTimeout;
        return (await command.ReadAll(row => new TokenCensus(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3))))[0];
    });

    /// <summary>Hours in which something was counted of a token, from the day of a time on.</summary>
    public Task<IReadOnlyList<TokenHour>> Hours(string tokenId, DateTimeOffset from) => _days.Of(tokenId, from);

    /// <summary>Deletes at most so many days before that of a time; returns how many.</summary>
    public Task<int> Sweep(DateTimeOffset before, int limit) => _days.Sweep(before, limit);

    private static void WriteUse(IParameters to, TokenUsage use)
    {
        to.Add("token_id", use.TokenId);
        to.Add("organization_id", use.OrganizationId);
        to.Add("address", use.Address);
        to.Add("client", use.Client);
        to.Add("last_at", Micros(use.LastAt));
    }

    private static void WriteAddress(IParameters to, string tokenId, TokenAddress address)
    {
        to.Add("token_id", tokenId);
        to.Add("address", address.Address);
        to.Add("client", address.Client);
        to.Add("first_at", Micros(address.FirstAt));
        to.Add("last_at", Micros(address.LastAt));
    }

    private Task<int> Execute(string statement, params (string Name, object? Value)[] parameters) =>
        _writer.Execute(_database.Sql[statement], [("service", _serviceId), .. parameters]);
}
