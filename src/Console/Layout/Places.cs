using Microsoft.AspNetCore.Http;
using TokenActors.WebConsole.Permissions;

namespace TokenActors.WebConsole.Layout;

/// <summary>One entry of the navigation.</summary>
/// <param name="Name">as it is called</param>
/// <param name="Path">where it is</param>
/// <param name="IsSeen">by somebody with such rights</param>
internal sealed record Place(string Name, string Path, Func<Rights, bool> IsSeen)
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
        new("Overview", ConsoleOptions.Path, static _ => true),
        new("Tokens", Tokens, static rights => rights.SeesTokens),
        new("Accounts", Accounts, static rights => rights.SeesAccounts),
        new("Members", Members, static rights => rights.SeesMembers),
        new("Roles", Roles, static rights => rights.SeesRoles),
        new("Audit", Audit, static rights => rights.SeesTrail),
        new("Webhooks", Webhooks, static rights => rights.SeesWebhooks),
        new("Policy", Policy, static rights => rights.SeesPolicy),
        new("Cluster", Cluster, static rights => rights.SeesCluster),
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
