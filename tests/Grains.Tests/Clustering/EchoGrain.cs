namespace TokenActors.Grains.Tests.Clustering;

/// <summary>Says what it was told and where it stands.</summary>
[Alias("TokenActors.Tests.IEchoGrain")]
public interface IEchoGrain : IGrainWithStringKey
{
    /// <summary>The message as it arrived.</summary>
    [Alias("Echo")]
    Task<object> Echo(object message);

    /// <summary>The silo that it is active on.</summary>
    [Alias("Where")]
    Task<string> Where();
}

public sealed class EchoGrain(ILocalSiloDetails silo) : Grain, IEchoGrain
{
    public Task<object> Echo(object message) => Task.FromResult(message);

    public Task<string> Where() => Task.FromResult(silo.Name);
}
