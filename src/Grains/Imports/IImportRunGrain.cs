namespace TokenActors.Grains.Imports;

/// <summary>How an import goes on: one share of its lines a call, so that it can be stopped between two.</summary>
[Alias("TokenActors.IImportRunGrain")]
public interface IImportRunGrain : IGrainWithStringKey
{
    /// <summary>Imports the next lines, and calls itself for those after. Does nothing to one that does not
    /// run.</summary>
    [Alias("Run")]
    Task Run();
}
