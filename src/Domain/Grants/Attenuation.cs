namespace TokenActors.Domain.Grants;

/// <summary>
/// The outcome of asking for a narrower grant: the resources it gets, or the names of what is too much.
/// </summary>
public sealed record Attenuation(Resources? Resources, IReadOnlyList<string> TooMuch)
{
    public bool Allowed => Resources is not null;

    /// <summary>
    /// Makes the resources of a new grant from the caller's. Asking for more than the caller has is refused, never
    /// cut. Where the caller has several clauses, the first that holds the whole request is the one inherited from.
    /// </summary>
    public static Attenuation Of(Grant caller, ActionSet actions, ResourceRequest request)
    {
        List<string> tooMuch = [];
        foreach (var clause in caller.Clauses)
        {
            var asked = new GrantClause(actions, request.InheritFrom(clause.Resources));
            if (asked.IsWithin(clause))
            {
                return new Attenuation(asked.Resources, []);
            }

            // The first clause is the one that the refusal explains: for nearly every caller there is only one.
            if (tooMuch.Count == 0)
            {
                tooMuch.AddRange(actions.Without(clause.Actions).Names());
                tooMuch.AddRange(asked.Resources.WiderThan(clause.Resources).Select(part => $"resources.{part}"));
            }
        }

        return new Attenuation(null, tooMuch.Count > 0 ? tooMuch : [.. actions.Names()]);
    }
}
