namespace TokenActors.Client.Http;

/// <summary>An answer of which a part has to be there, whatever else it holds.</summary>
internal interface IAnswer
{
    /// <summary>It is there.</summary>
    bool IsWhole { get; }
}
