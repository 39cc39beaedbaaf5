namespace TokenActors.AspNetCore;

/// <summary>The service did not answer, or not as it should. The failure of an authentication holds it then.</summary>
public sealed class ServiceUnreachableException : Exception
{
    /// <summary>Without a reason.</summary>
    public ServiceUnreachableException()
    {
    }

    /// <summary>With what went wrong.</summary>
    /// <param name="message">what went wrong</param>
    public ServiceUnreachableException(string message)
        : base(message)
    {
    }

    /// <summary>With what went wrong, and why.</summary>
    /// <param name="message">what went wrong</param>
    /// <param name="innerException">why</param>
    public ServiceUnreachableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
