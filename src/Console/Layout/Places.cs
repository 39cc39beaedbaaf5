using Microsoft.AspNetCore.Http;

namespace TokenActors.WebConsole.Layout;

/// <summary>One entry of the navigation.</summary>
internal sealed record Place(string Name, string Path)
{
    /// <summary>Whether a page lies in it.</summary>
    public bool Holds(PathString path) => Path == ConsoleOptions.Path
        ? path.Value?.TrimEnd('/') == Path
        : path.StartsWithSegments(Path, StringComparison.Ordinal);
}

/// <summary>Where one can go.</summary>
internal static class Places
{
    public static readonly IReadOnlyList<Place> All =
    [
        new("Overview", ConsoleOptions.Path),
        new("Tokens", Tokens),
        new("Accounts", Accounts),
        new("Members", Members),
        new("Roles", Roles),
        new("Audit", Audit),
        new("Webhooks", Webhooks),
        new("Policy", Policy),
        new("Cluster", Cluster),
    ];

    public const string Tokens = ConsoleOptions.Path + "/tokens";
    public const string Accounts = ConsoleOptions.Path + "/accounts";
    public const string Members = ConsoleOptions.Path + "/members";
    public const string Roles = ConsoleOptions.Path + "/roles";
    public const string Audit = ConsoleOptions.Path + "/audit";
    public const string Webhooks = ConsoleOptions.Path + "/webhooks";
    public const string Policy = ConsoleOptions.Path + "/policy";
    public const string Cluster = ConsoleOptions.Path + "/cluster";
    public const string Organizations = ConsoleOptions.Path + "/organizations";
    public const string Jobs = ConsoleOptions.Path + "/jobs";
    public const string Me = ConsoleOptions.Path + "/me";
    public const string SignIn = ConsoleOptions.Path + "/sign-in";
    public const string ChangePassword = ConsoleOptions.Path + "/change-password";
    public const string Confirm = ConsoleOptions.Path + "/confirm";
}
