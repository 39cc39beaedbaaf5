using System.Reflection;

namespace TokenActors.Cluster.Tests;

/// <summary>A test that starts silos of a real cluster: it needs PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = PostgreSqlServer.Missing;
}

/// <summary>A test that also starts the programs of an earlier release, of which a built working copy is
/// given.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EarlierReleaseFactAttribute : FactAttribute
{
    public EarlierReleaseFactAttribute() => Skip = PostgreSqlServer.Missing
        ?? (Build.Earlier is null ? $"no earlier release is given ({Build.EarlierVariable})" : null);
}

/// <summary>What this build is.</summary>
internal static class Build
{
    /// <summary>Names the root of a working copy of an earlier release, built by <c>dotnet build -c
    /// Release</c>.</summary>
    public const string EarlierVariable = "TOKENACTORS_EARLIER";

    public static string Root => Value("RepositoryRoot");

    /// <summary>Where the earlier release lies; null where none is given.</summary>
    public static string? Earlier =>
        Environment.GetEnvironmentVariable(EarlierVariable) is { Length: > 0 } root ? root : null;

    /// <param name="project">whose program it is</param>
    /// <param name="assembly">without its ending</param>
    /// <param name="release">the root of another working copy; null for this build</param>
    public static string Program(string project, string assembly, string? release = null) => Path.Combine(
        release is null ? Value("Artifacts") : Path.Combine(release, "artifacts"),
        "bin",
        project,
        release is null ? AppContext.BaseDirectory.TrimEnd('/').Split('/')[^1] : "release",
        assembly + ".dll");

    private static string Value(string key) =>
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
