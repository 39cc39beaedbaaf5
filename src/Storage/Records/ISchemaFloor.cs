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
}
