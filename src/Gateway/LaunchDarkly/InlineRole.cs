using System.Collections.Immutable;
using TokenActors.Domain.Grants;

namespace TokenActors.Gateway.LaunchDarkly;

/// <summary>What can be done to access tokens, in LaunchDarkly's words.</summary>
internal static class AccessTokenActions
{
    public const string Create = "createAccessToken";
    public const string Delete = "deleteAccessToken";
    public const string Reset = "resetAccessToken";
    public const string UpdateName = "updateAccessTokenName";
    public const string UpdateDescription = "updateAccessTokenDescription";
    public const string UpdateRole = "updateAccessTokenRole";
    public const string UpdateCustomRoles = "updateAccessTokenCustomRoles";
    public const string UpdateInlineRole = "updateAccessTokenPolicy";

    /// <summary>Each with the action of this service that it needs.</summary>
    public static readonly ImmutableArray<(string Action, string Needs)> All =
    [
        (Create, "tokens:create"), (Delete, "tokens:delete"), (Reset, "tokens:reset"), (UpdateName, "tokens:rotate"),
        (UpdateDescription, "tokens:rotate"), (UpdateRole, "tokens:rotate"), (UpdateCustomRoles, "tokens:rotate"),
        (UpdateInlineRole, "tokens:rotate"),
    ];

    public static string NeededFor(string action) => All.First(known => known.Action == action).Needs;
}

/// <summary>
/// A token's own role: what no statement allows is denied, and a statement that denies wins over all that allow.
/// </summary>
internal sealed record InlineRole(ImmutableArray<RoleStatement> Statements)
{
    public bool Allows(string action, string resource) =>
        Statements.Any(s => s.Allows && s.Concerns(action, resource))
            && !Statements.Any(s => !s.Allows && s.Concerns(action, resource));

    /// <summary>
    /// Surely allows no more than another: whatever it allows is allowed there in the same words, and whatever is
    /// denied there is denied here in the same words. Statements that mean the same in other words count as wider:
    /// the safe side.
    /// </summary>
    public bool IsWithin(InlineRole other) =>
        Statements.All(mine => !mine.Allows || other.Statements.Contains(mine))
            && other.Statements.All(theirs => theirs.Allows || Statements.Contains(theirs));

    /// <summary>
    /// The actions of this service that it may allow on some token; what it allows exactly is asked with the token at
    /// hand.
    /// </summary>
    public ActionSet Reach() => ActionSet.Of(
    [
        "tokens:list", "tokens:get",
        .. AccessTokenActions.All.Where(a => Statements.Any(s => s.Allows && s.Concerns(a.Action)))
            .Select(a => a.Needs).Distinct(),
    ]);

    public bool Equals(InlineRole? other) => other is not null && Statements.SequenceEqual(other.Statements);

    public override int GetHashCode() => Statements.Length;
}
