using Microsoft.Extensions.Configuration;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>Settings as the start of a service reads them.</summary>
internal static class CheckedSettings
{
    /// <summary>What a start with these settings would complain of.</summary>
    public static IReadOnlyList<string> Problems(params (string Key, string? Value)[] settings) => Check(settings).Problems;

    /// <summary>What is taken of these settings, and what a start would complain of.</summary>
    public static (ServiceOptions Options, IReadOnlyList<string> Problems) Check(
        params (string Key, string? Value)[] settings) => SettingsReader.Check(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"TokenActors:{s.Key}", s.Value)))
                .Build(),
            new ServiceRules());
}
