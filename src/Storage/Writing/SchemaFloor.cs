using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Writing;

/// <summary>
/// Writes down the oldest program that may use the schema. Migrations leave it at the first, so that programs of the
/// previous release go on during an upgrade; the first row that one of them would spoil raises it.
/// </summary>
internal sealed class SchemaFloor(Database database, Queries queries, GroupCommit writer) : ISchemaFloor
{
    private int _demanded;

    public ValueTask Demand(int program) => program <= Volatile.Read(ref _demanded) ? default : new(Raise(program));

    public int ProgramSchema => Migrator.ProgramSchema;

    public async Task<SchemaState> Read() =>
        await queries.One("schema_state", row => new SchemaState(row.GetInt32(0), row.GetInt32(1)))
            ?? throw new StorageUnavailableException("the schema has no versions");

    private async Task Raise(int program)
    {
        await writer.Execute(database.Sql["demand_program"], ("program", (long)program));

        // Calls that raised it at the same time may end in any order.
        var known = Volatile.Read(ref _demanded);
        while (known < program && Interlocked.CompareExchange(ref _demanded, program, known) != known)
        {
            known = Volatile.Read(ref _demanded);
        }
    }
}
