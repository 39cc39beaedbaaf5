namespace TokenActors.Domain.Records;

/// <summary>Names the call that made or deleted something, so that its repetition is not taken for another's.</summary>
public sealed record CreatingCall(byte[] Key, byte[] Request)
{
    /// <summary>For how long the same call is answered as it was.</summary>
    public static readonly TimeSpan AnswersKept = TimeSpan.FromMinutes(10);
}
