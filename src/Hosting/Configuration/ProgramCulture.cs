using System.Globalization;

namespace TokenActors.Hosting.Configuration;

/// <summary>
/// The culture of the programs: the invariant one, whatever the machine's settings. SQL Server's driver needs the
/// runtime to know cultures; the service writes numbers and times in one way everywhere.
/// </summary>
public static class ProgramCulture
{
    public static void SetInvariant()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
    }
}
