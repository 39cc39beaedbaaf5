using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Foundation;

/// <summary>What a program that does not know it would lose with its next write, or would not hold to.</summary>
/// <param name="GrainType">whose grains know it</param>
/// <param name="Word">of <see cref="Knowledge"/>; null where whoever has such grains knows it</param>
/// <param name="Program">the first migration whose every program knows it</param>
public sealed record Restriction(string GrainType, string? Word, int Program)
{
    /// <summary>Addresses, limits and uses of tokens.</summary>
    public static readonly Restriction OfTokens = new(Kinds.Token, Knowledge.Restrictions, 14);

    /// <summary>Tokens that do not die with the one that they were made with.</summary>
    public static readonly Restriction Belonging = new(Kinds.Token, Knowledge.Belonging, 15);

    /// <summary>Imported keys, which open nothing here whoever verifies them.</summary>
    public static readonly Restriction Imports = new(Kinds.Token, Knowledge.Imports, 16);

    /// <summary>Operations that are scheduled by cron expressions.</summary>
    public static readonly Restriction Cron = new(Kinds.Operation, Knowledge.Cron, 19);

    /// <summary>Policies of organizations.</summary>
    public static readonly Restriction Policies = new(Kinds.Policy, null, 13);
}

/// <summary>
/// Lets a restriction be committed where no program spoils it: neither one that runs beside this one, nor an older one
/// that is started later, such as by a rollback.
/// </summary>
/// <param name="programs">say what the silos of the cluster know</param>
/// <param name="floor">keeps older programs from starting</param>
public sealed class RestrictionGate(ISiloPrograms programs, ISchemaFloor floor)
{
    /// <summary>Whether every silo of the cluster knows it.</summary>
    public bool IsKnown(Restriction restriction) => restriction.Word is { } word
        ? programs.AllKnow(restriction.GrainType, word)
        : programs.AllHave(restriction.GrainType);

    /// <summary>
    /// Asked last before a commit. A preview commits nothing and keeps no program from starting.
    /// </summary>
    /// <returns>false where a silo does not know it</returns>
    public async ValueTask<bool> Admits(Restriction restriction, CallContext context)
    {
        if (!IsKnown(restriction))
        {
            return false;
        }

        if (context.IsPreview)
        {
            return true;
        }

        await floor.Demand(restriction.Program);

        // An older silo may have passed its own check before that.
        return IsKnown(restriction);
    }
}
