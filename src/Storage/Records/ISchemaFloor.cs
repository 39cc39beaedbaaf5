namespace TokenActors.Storage.Records;

/// <summary>The oldest program that may start on the database.</summary>
public interface ISchemaFloor
{
    /// <summary>
    /// From its end on no program starts on the database whose newest migration is below this one. Written once; later
    /// calls of this process end at once.
    /// </summary>
    /// <exception cref="StorageUnavailableException">the database did not answer</exception>
    ValueTask Demand(int program);

    /// <summary>The newest migration of this program.</summary>
    int ProgramSchema { get; }

    /// <summary>As the database has it.</summary>
    /// <exception cref="StorageUnavailableException">the database did not answer</exception>
    Task<SchemaState> Read();
}

/// <summary>What the database says of its schema.</summary>
/// <param name="Newest">its newest migration</param>
/// <param name="OldestProgram">the oldest program that may start, by its newest migration</param>
public sealed record SchemaState(int Newest, int OldestProgram);
