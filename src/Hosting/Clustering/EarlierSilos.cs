using System.Collections.Immutable;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;

namespace TokenActors.Hosting.Clustering;

/// <summary>
/// What a command demands that silos of an earlier release do not know. They drop such fields, also of a command that
/// they only pass on to a silo that knows them, whose grain never hears of it: so it is asked before the command is
/// sent.
/// </summary>
public sealed class EarlierSilos(ISiloPrograms programs)
{
    /// <summary>Whether the token would be restricted as it is to be.</summary>
    public bool Understand(IssueToken command) => Understand(command.Addresses, command.Limits)
        && (command.BelongsTo == TokenBelonging.Parent || programs.AllKnow(Kinds.Token, Knowledge.Belonging));

    /// <summary>The same; that a restriction is taken away may be dropped, since no token has one while such a silo
    /// runs.</summary>
    public bool Understand(EditToken command) => Understand(command.Addresses, command.Limits);

    private bool Understand(ImmutableArray<string>? addresses, LimitsOfToken? limits) =>
        (addresses is not { IsDefaultOrEmpty: false } && limits?.ToLimits().IsNone != false)
        || programs.AllKnow(Kinds.Token, Knowledge.Restrictions);
}
