using Microsoft.Extensions.Configuration;
using TokenActors.Storage;

namespace TokenActors.Hosting.Configuration;

/// <summary>Reads the settings of a silo of a cluster, and what a cluster asks for beyond a single process.</summary>
internal static class SiloSettings
{
    /// <exception cref="SettingsException">names every setting that cannot be used</exception>
    public static ServiceOptions Read(IConfiguration configuration)
    {
        var (options, problems) = ReadCommon(configuration);
        if (options.Storage.Provider == StorageOptions.Sqlite)
        {
            problems.Add($"{StorageOptions.Section}:Provider is '{StorageOptions.Sqlite}'; a cluster needs a database that its silos share");
        }

        if (options.Peppers.Count == 0)
        {
            problems.Add($"{ServiceOptions.Section}:Secrets:Peppers is empty; all silos of a cluster need the same pepper (see --help: pepper add)");
        }

        return problems.Count == 0 ? options : throw new SettingsException(problems);
    }

    /// <summary>Reads what every program of the service needs; what is wrong is in the list.</summary>
    public static (ServiceOptions Options, List<string> Problems) ReadCommon(IConfiguration configuration)
    {
        List<string> problems = [.. SettingNames.Unknown(configuration.GetSection(ServiceOptions.Section))];
        return (ServiceOptions.Read(configuration, problems), problems);
    }
}
