using Orleans.Metadata;

namespace TokenActors.Grains.Foundation;

/// <summary>
/// Says in the silo's manifest what a grain of its program knows, for <see cref="ISiloPrograms"/> of other silos.
/// </summary>
/// <param name="what">a word of <see cref="Knowledge"/></param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class KnowsAttribute(string what) : Attribute, IGrainPropertiesProviderAttribute
{
    public string What => what;

    public void Populate(
        IServiceProvider services, Type grainClass, GrainType grainType, Dictionary<string, string> properties) =>
        properties[Knowledge.PropertyOf(what)] = "true";
}

/// <summary>What not every program knows that may run beside this one during an upgrade.</summary>
public static class Knowledge
{
    /// <summary>Addresses, limits and uses of tokens. A program that knows none would lose them with its next
    /// write.</summary>
    public const string Restrictions = "restrictions";

    /// <summary>What tokens belong to. A program that does not know it would delete what outlives its parent.</summary>
    public const string Belonging = "belonging";

    /// <summary>Imported keys. A program that does not know them could not read their tokens.</summary>
    public const string Imports = "imports";

    /// <summary>Cron expressions of scheduled operations. A program that does not know them could not read a
    /// schedule.</summary>
    public const string Cron = "cron";

    /// <summary>The property of a grain in the manifest.</summary>
    public static string PropertyOf(string what) => "tokenactors.knows." + what;
}
