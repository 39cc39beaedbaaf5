namespace TokenActors.Domain.Mappings;

/// <summary>A transform of a chain does not fit the data, or reaches a bound.</summary>
/// <param name="place">of the transform in its chain, counted from 0</param>
/// <param name="cause">what is wrong with it</param>
public sealed class TransformChainException(int place, TransformException cause) : Exception(cause.Message, cause)
{
    public int Place => place;
}
