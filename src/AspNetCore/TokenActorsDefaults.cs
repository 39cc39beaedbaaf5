namespace TokenActors.AspNetCore;

/// <summary>Names that nobody has to choose.</summary>
public static class TokenActorsDefaults
{
    /// <summary>The authentication scheme where none is named.</summary>
    public const string AuthenticationScheme = "TokenActors";
}
