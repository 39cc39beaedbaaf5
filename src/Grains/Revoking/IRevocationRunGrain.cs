namespace TokenActors.Grains.Revoking;

/// <summary>How a job goes on: one share of its tokens a call, so that it can be stopped between two.</summary>
[Alias("TokenActors.IRevocationRunGrain")]
public interface IRevocationRunGrain : IGrainWithStringKey
{
    /// <summary>Asks the next tokens, and calls itself for those after. Does nothing to a job that does not
    /// run.</summary>
    [Alias("Run")]
    Task Run();
}
