using System.Data.Common;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Lists;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Writing;

/// <summary>Reads that open a connection of their own; a fault of the database is noted.</summary>
internal sealed class Queries(Database database, string serviceId, StoreHealth health)
{
    private const int MostAttempts = 3;

    public async Task<T?> One<T>(
        string statement, Func<DbDataReader, T> read, params (string Name, object? Value)[] parameters)
        where T : class => (await Many(statement, read, parameters)) is [var row, ..] ? row : null;

    public Task<IReadOnlyList<T>> Many<T>(
        string statement, Func<DbDataReader, T> read, params (string Name, object? Value)[] parameters) =>
        Query(statement, read, parameters, mayTakeLong: false);

    /// <summary>As <see cref="Many"/>, without a time-out: it reads as many rows as there are.</summary>
    public Task<IReadOnlyList<T>> Scan<T>(
        string statement, Func<DbDataReader, T> read, params (string Name, object? Value)[] parameters) =>
        Query(statement, read, parameters, mayTakeLong: true);

    /// <summary>Rows by a statement with as many parameters as there are values.</summary>
    public Task<IReadOnlyList<StoredRecord>> Compiled(Func<ListCompiler, string> statement) =>
        Guarded(async connection =>
        {
            var compiler = new ListCompiler(database.Sql, serviceId);
            await using var command = connection.Command(statement(compiler), [.. compiler.Parameters]);
            return (IReadOnlyList<StoredRecord>)await command.ReadAll(RecordColumns.Read);
        });

    /// <summary>Gives a read a connection, and repeats it where the database ended it for a deadlock.</summary>
    public async Task<T> Guarded<T>(Func<DbConnection, Task<T>> read)
    {
        for (var attempt = 1; ; attempt++)
        {
            var generation = health.Generation;
            try
            {
                await using var connection = await database.Source.OpenConnectionAsync();
                return await read(connection);
            }
            catch (DbException e) when (database.IsTransient(e) && attempt < MostAttempts)
            {
                await RetryPause.Before(attempt);
            }
            catch (Exception e) when (e is DbException or TimeoutException or IOException or InvalidOperationException)
            {
                throw health.Fault(e, generation);
            }
        }
    }

    private Task<IReadOnlyList<T>> Query<T>(
        string statement, Func<DbDataReader, T> read, (string Name, object? Value)[] parameters, bool mayTakeLong) =>
        Guarded(async connection =>
        {
            await using var command = connection.Command(
                database.Sql[statement], [("service", serviceId), .. parameters]);
            if (mayTakeLong)
            {
                command.CommandTimeout = Commands.NoTimeout;
            }

            return (IReadOnlyList<T>)await command.ReadAll(read);
        });
}
