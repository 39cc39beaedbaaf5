namespace TokenActors.Domain.Mappings;

/// <summary>A transform cannot be parsed, or does not fit what it is run on; the message says so to its
/// author.</summary>
public sealed class TransformException : Exception
{
    public TransformException(string message)
        : base(message)
    {
    }

    public TransformException()
    {
    }

    public TransformException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
