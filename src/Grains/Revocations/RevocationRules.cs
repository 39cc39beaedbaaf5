using System.Collections.Frozen;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Audit;

namespace TokenActors.Grains.Revocations;

/// <summary>What a row of the audit trail revokes.</summary>
/// <param name="OrganizationId">whose tokens</param>
/// <param name="TokenId">the token; null for all of the organization</param>
internal readonly record struct Revocation(string OrganizationId, string? TokenId);

/// <summary>
/// Which rows of the audit trail end or narrow tokens. What is not known to be harmless counts, so that a new event is
/// too much rather than too little.
/// </summary>
internal static class RevocationRules
{
    /// <summary>
    /// <c>expiring</c> ends nothing, <c>digest_renewed</c> leaves the secret as it was, and what is purged was dead
    /// before. A token that is enabled was disabled, and what is kept of it says so: that is dropped too. One that is
    /// described may have been given another grant or other claims. Of a token with a number of uses nobody keeps
    /// anything.
    /// </summary>
    private static readonly FrozenSet<string> HarmlessToTokens = FrozenSet.ToFrozenSet(
        [
            "token.issued", "token.imported", "token.expiring", "token.digest_renewed", "token.cascade_finished",
            "token.purged",
            "token.uses_taken", "token.uses_returned", "token.issued_to_organization",
        ]);

    private static readonly FrozenSet<string> Harmless = FrozenSet.ToFrozenSet(
        ["created", "founded", "founding_finished", "logged_on", "cascade_finished", "purged", "rewrapped", "status_reset"]);

    /// <summary>Kinds on which tokens hang, or which say what they may do.</summary>
    private static readonly FrozenSet<string> Above = FrozenSet.ToFrozenSet(
        [Kinds.Member, Kinds.Role, Kinds.Account, Kinds.Integration, Kinds.Bridge, Kinds.Organization]);

    /// <summary>Null where a row revokes nothing.</summary>
    public static Revocation? Of(TrailRow row)
    {
        if (row.Subject.Kind == Kinds.Token)
        {
            return HarmlessToTokens.Contains(row.Event)
                ? null
                : new(row.OrganizationId, row.HadTokensBelow ? null : row.Subject.Id);
        }

        if (!Above.Contains(row.Subject.Kind) || Harmless.Contains(row.Event[(row.Event.IndexOf('.') + 1)..]))
        {
            return null;
        }

        // A suborganization's own changes stand in the trail of whoever asked.
        return new(row.Subject.Kind == Kinds.Organization ? row.Subject.Id : row.OrganizationId, null);
    }
}
