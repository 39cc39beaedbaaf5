using System.Data.Common;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.Leases;

/// <summary>
/// The leases of silos, one row each, on the database's clock. While a silo holds its lease it may answer from memory:
/// the clustering statements declare a silo dead only after its lease has expired, and another cluster takes a service
/// over only after all have.
/// </summary>
public sealed class SiloLeaseTable : IDisposable
{
    /// <summary>
    /// In seconds. Shorter than a silo trusts its lease, so that a renewal that hangs can be repeated in time.
    /// </summary>
    private const int RenewTimeout = 1;

    /// <summary>How often a copy is looked at: twice as long as a lease lasts.</summary>
    private const int MostAttempts = 13;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Database _database;
    private readonly string _serviceId;
    private readonly string _clusterId;
    private DbConnection? _renewing;

    internal SiloLeaseTable(Database database, string serviceId, string clusterId)
    {
        _database = database;
        _serviceId = serviceId;
        _clusterId = clusterId;
    }

    /// <summary>
    /// Makes the service's row one of this database. A copy of another (a restored dump) holds members and leases of
    /// silos that serve the original: they are forgotten, or silos here would call them and wait for them.
    /// </summary>
    /// <param name="dryRun">forgets nothing</param>
    /// <exception cref="InvalidOperationException">it is a copy, and a silo renews its lease in it</exception>
    public async Task<DatabaseOrigin> Adopt(bool dryRun = false)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (origin, holder) = await TryAdopt(dryRun);
            if (holder is null)
            {
                return origin;
            }

            if (attempt == MostAttempts)
            {
                throw new InvalidOperationException(
                    $"This database is a copy of another, and silo {holder} renews its lease in it. Stop that silo.");
            }

            // The lease of a copy made a moment ago has not expired yet.
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private async Task<(DatabaseOrigin Origin, string? Holder)> TryAdopt(bool dryRun)
    {
        await using var connection = await _database.Open();
        await using var transaction = await connection.BeginTransactionAsync();
        await Run(connection, transaction, "lease_claim");
        var identity = (await Texts(connection, transaction, "database_identity")).Single();
        var known = (await Texts(connection, transaction, "identity_known")).SingleOrDefault();
        if (known == identity)
        {
            return (DatabaseOrigin.Own, null);
        }

        // A database of before identities were noted: members without any lease answer nothing, whoever they are.
        var holder = (await Texts(connection, transaction, "live_silos")).FirstOrDefault();
        if (holder is not null && known is not null)
        {
            return (DatabaseOrigin.Copy, holder);
        }

        if (holder is null)
        {
            await Run(connection, transaction, "forget_leases");
            await Run(connection, transaction, "forget_members");
        }

        await Run(connection, transaction, "identity_note", ("identity", identity));
        await (dryRun ? transaction.RollbackAsync() : transaction.CommitAsync());
        return (known is null ? DatabaseOrigin.Own : DatabaseOrigin.Copy, null);
    }

    /// <summary>
    /// Claims the service for this cluster, and a first lease for one of its silos, in one transaction.
    /// </summary>
    /// <param name="silo">unique to this start of the silo</param>
    /// <param name="length">after which the lease expires on the database's clock</param>
    /// <returns>a silo of another cluster that still holds a lease; null where this cluster has the service</returns>
    public async Task<string?> Claim(string silo, TimeSpan length)
    {
        await using var connection = await _database.Open();
        await using var transaction = await connection.BeginTransactionAsync();
        await Run(connection, transaction, "lease_claim");
        await Run(connection, transaction, "lease_forget_others");
        await using (var others = connection.Command(
            _database.Sql["lease_others"], ("service", _serviceId), ("cluster", _clusterId)))
        {
            others.Transaction = transaction;
            if (await others.ReadAll(row => row.GetString(0)) is [var holder, ..])
            {
                return holder;
            }
        }

        await Run(connection, transaction, "lease_take");
        await Run(connection, transaction, "lease_insert", ("silo", silo), ("seconds", length.TotalSeconds));
        await transaction.CommitAsync();
        return null;
    }

    /// <summary>
    /// Renews a lease over a connection of its own. Returns false where the silo was declared dead or the service was
    /// taken over. It blocks the calling thread, and one thread at a time may call it.
    /// </summary>
    public bool Renew(string silo, TimeSpan length)
    {
        try
        {
            _renewing ??= _database.Source.OpenConnection();
            using var command = _renewing.Command(
                _database.Sql["lease_renew"],
                ("service", _serviceId), ("cluster", _clusterId), ("silo", silo), ("seconds", length.TotalSeconds));
            command.CommandTimeout = RenewTimeout;
            return command.ExecuteNonQuery() == 1;
        }
        catch (Exception e)
        {
            if (_database.IsOutage(e))
            {
                // The next renewal needs a new session: one of a demoted server never writes again.
                _database.DiscardSessions();
            }

            _renewing?.Dispose();
            _renewing = null;
            throw;
        }
    }

    /// <summary>Deletes a lease; the silo must have stopped answering before.</summary>
    public async Task Release(string silo)
    {
        await using var connection = await _database.Open();
        await Run(connection, null, "lease_release", ("silo", silo));
    }

    /// <summary>The silos of the service, of any cluster, whose lease has not expired.</summary>
    public async Task<IReadOnlyList<string>> Live()
    {
        await using var connection = await _database.Open();
        await using var command = connection.Command(_database.Sql["live_silos"], ("service", _serviceId));
        return await command.ReadAll(row => row.GetString(0));
    }

    public void Dispose() => _renewing?.Dispose();

    private async Task<List<string>> Texts(DbConnection connection, DbTransaction transaction, string statement)
    {
        await using var command = connection.Command(
            _database.Sql[statement], ("service", _serviceId), ("cluster", _clusterId));
        command.Transaction = transaction;
        return await command.ReadAll(row => row.GetString(0));
    }

    private async Task Run(
        DbConnection connection,
        DbTransaction? transaction,
        string statement,
        params (string Name, object? Value)[] parameters)
    {
        await using var command = connection.Command(
            _database.Sql[statement], [("service", _serviceId), ("cluster", _clusterId), .. parameters]);
        command.Transaction = transaction;
        await command.ExecuteNonQueryAsync();
    }
}
