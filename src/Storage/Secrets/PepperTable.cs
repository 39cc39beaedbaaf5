using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;
using TokenActors.Storage.Writing;
using static TokenActors.Storage.Databases.Times;

namespace TokenActors.Storage.Secrets;

/// <summary>
/// What the database knows of peppers: a check value of each, the keys of retired ones, and which rows are under which.
/// Every member throws <see cref="StorageUnavailableException"/> where the database does not answer.
/// </summary>
public sealed class PepperTable
{
    private readonly Database _database;
    private readonly string _serviceId;
    private readonly GroupCommit _writer;
    private readonly Queries _queries;

    internal PepperTable(Database database, string serviceId, GroupCommit writer, Queries queries) =>
        (_database, _serviceId, _writer, _queries) = (database, serviceId, writer, queries);

    /// <summary>The peppers that the database knows, with what is stored under each.</summary>
    public async Task<IReadOnlyList<KnownPepper>> Known()
    {
        List<KnownPepper> known = [];
        foreach (var (id, stored) in await Checks())
        {
            var links = await _queries.Scan("pepper_links", row => row.GetInt64(0), ("pepper", id));
            var keys = await _queries.Scan("imported_keys_of_pepper", row => row.GetInt64(0), ("pepper", id));
            known.Add(new KnownPepper(id, KeptPepper.Parse(id, stored)?.By, await Uses(id), links[0], keys[0]));
        }

        return known;
    }

    /// <summary>Which records hold digests or texts under a pepper, by kind.</summary>
    public Task<IReadOnlyList<PepperUse>> Uses(string pepperId) => _queries.Scan(
        "pepper_users",
        row => new PepperUse(
            row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : OfMicros(row.GetInt64(2)), row.GetInt64(3)),
        ("pattern", $"%\"pepper_id\":\"{pepperId}\"%"), ("mark", StoredRecord.HotMarkOf(pepperId)));

    /// <summary>Whether it was used with a pepper before: with a new one no secret of it would be accepted.</summary>
    public async Task<bool> HoldsAny() => (await Checks()).Count > 0;

    /// <summary>Deletes a pepper's check value or kept key; false where there is none.</summary>
    public async Task<bool> Forget(string pepperId) => await Execute("forget_pepper", ("id", pepperId)) > 0;

    /// <summary>The stored check values of peppers, or their kept keys, by pepper id.</summary>
    internal Task<IReadOnlyList<(string Id, string Check)>> Checks() =>
        _queries.Many("pepper_check", row => (row.GetString(0), row.GetString(1)));

    internal Task AddCheck(string id, string check) => Execute("add_pepper", ("id", id), ("check", check));

    /// <summary>Stores a retired pepper in the place of its check value.</summary>
    internal Task Keep(string id, string kept) => Execute("keep_pepper", ("id", id), ("check", kept));

    private Task<int> Execute(string statement, params (string Name, object? Value)[] parameters) =>
        _writer.Execute(_database.Sql[statement], [("service", _serviceId), .. parameters]);
}
