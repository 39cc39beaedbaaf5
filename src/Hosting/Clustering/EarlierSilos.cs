using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;

namespace TokenActors.Hosting.Clustering;

/// <summary>
/// What a command demands that silos of an earlier release do not know. They drop such fields, also of a command that
/// they only pass on to a silo that knows them, whose grain never hears of it: so it is asked before the command is sent.
/// </summary>
public sealed class EarlierSilos(ISiloPrograms programs)
{
    /// <summary>Whether the token would be restricted as it is to be.</summary>
    public bool Understand(IssueToken command) =>
        Understand(command.Addresses is { IsDefaultOrEmpty: false } || command.Limits is not null)
        && (command.BelongsTo == TokenBelonging.Parent || programs.AllKnow(Kinds.Token, Knowledge.Belonging));

    /// <inheritdoc cref="Understand(IssueToken)" />
    public bool Understand(EditToken command) => Understand(command.Addresses is not null || command.Limits is not null);

    private bool Understand(bool isRestricted) => !isRestricted || programs.AllKnow(Kinds.Token, Knowledge.Restrictions);
}
