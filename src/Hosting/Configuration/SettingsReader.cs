using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using TokenActors.Storage;

namespace TokenActors.Hosting.Configuration;

/// <summary>
/// Binds and validates the settings before a host is built: its silo, its store and its addresses are made of them.
/// What is wrong is therefore told at once and before anything is written, and the host needs no validation of its own
/// when it starts.
/// </summary>
public static class SettingsReader
{
    /// <param name="configuration">all settings</param>
    /// <param name="rules">what the program demands of several settings together</param>
    /// <exception cref="SettingsException">names every setting that cannot be used</exception>
    public static ServiceOptions Read(IConfiguration configuration, IValidateOptions<ServiceOptions> rules)
    {
        var (options, problems) = Check(configuration, rules);
        return problems.Count == 0 ? options : throw new SettingsException(problems);
    }

    /// <summary>Reads what can be used; what cannot is in the list, and its default stands.</summary>
    internal static (ServiceOptions Options, IReadOnlyList<string> Problems) Check(
        IConfiguration configuration, IValidateOptions<ServiceOptions> rules)
    {
        var check = new SectionCheck(configuration.GetSection(ServiceOptions.Section), typeof(ServiceOptions));
        var options = new ConfigurationBuilder().AddInMemoryCollection(check.Usable).Build()
            .GetSection(ServiceOptions.Section).Get<ServiceOptions>() ?? new ServiceOptions();
        var together = rules.Validate(null, options).Failures ?? [];
        if (options.Storage.Provider == DatabaseProvider.Sqlite)
        {
            options.Storage.ConnectionString ??=
                StoreFactory.SqliteFile(Path.Combine(options.DataDirectory, "tokenactors.db"));
        }

        return (options, [.. check.Problems, .. together]);
    }
}
