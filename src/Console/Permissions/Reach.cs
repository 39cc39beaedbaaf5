namespace TokenActors.WebConsole.Permissions;

/// <summary>To what of the organization an action may be done.</summary>
internal enum Reach
{
    /// <summary>To nothing.</summary>
    Nowhere,

    /// <summary>To some of it, by what narrows the session.</summary>
    Somewhere,

    /// <summary>To all of it.</summary>
    Everywhere,
}
