using System.Data.Common;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.Leases;

/// <summary>
/// The leases under which silos answer from memory, one row per silo, on the database's clock. A silo is declared dead by
/// the clustering statements only when its lease has run out, and another cluster takes a service over only when all leases have.
/// </summary>
public sealed class SiloLeaseTable : IDisposable
{
    /// <summary>Seconds; shorter than a lease is trusted, so that a renewal that hangs is tried again.</summary>
    private const int RenewTimeout = 1;

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

    /// <summary>Takes the service for this cluster and a first lease for one of its silos.</summary>
    /// <param name="silo">unique to this start of the silo</param>
    /// <param name="length">how long the lease stands on the database's clock</param>
    /// <returns>a silo of another cluster that holds the service; null where the lease was taken</returns>
    public async Task<string?> Claim(string silo, TimeSpan length)
    {
        await using var connection = await _database.Open();
        await using var transaction = await connection.BeginTransactionAsync();
        await Run(connection, transaction, "lease_claim");
        await Run(connection, transaction, "lease_forget_others");
        await using (var others = connection.Command(_database.Sql["lease_others"], ("service", _serviceId), ("cluster", _clusterId)))
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
    /// Renews a lease, on a connection of its own; blocks its thread. False where the silo was declared dead or the service taken over.
    /// For one thread at a time.
    /// </summary>
    public bool Renew(string silo, TimeSpan length)
    {
        try
        {
            _renewing ??= _database.Source.OpenConnection();
            using var command = _renewing.Command(
                _database.Sql["lease_renew"], ("service", _serviceId), ("cluster", _clusterId), ("silo", silo), ("seconds", length.TotalSeconds));
            command.CommandTimeout = RenewTimeout;
            return command.ExecuteNonQuery() == 1;
        }
        catch
        {
            _renewing?.Dispose();
            _renewing = null;
            throw;
        }
    }

    /// <summary>Ends a lease at once: the silo answers nothing any more.</summary>
    public async Task Release(string silo)
    {
        await using var connection = await _database.Open();
        await Run(connection, null, "lease_release", ("silo", silo));
    }

    /// <summary>Silos of the service, of any cluster, whose lease stands.</summary>
    public async Task<IReadOnlyList<string>> Live()
    {
        await using var connection = await _database.Open();
        await using var command = connection.Command(_database.Sql["live_silos"], ("service", _serviceId));
        return await command.ReadAll(row => row.GetString(0));
    }

    public void Dispose() => _renewing?.Dispose();

    private async Task Run(
        DbConnection connection, DbTransaction? transaction, string statement, params (string Name, object? Value)[] parameters)
    {
        await using var command = connection.Command(_database.Sql[statement], [("service", _serviceId), ("cluster", _clusterId), .. parameters]);
        command.Transaction = transaction;
        await command.ExecuteNonQueryAsync();
    }
}
