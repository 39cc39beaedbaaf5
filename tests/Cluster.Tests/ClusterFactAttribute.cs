using System.Reflection;

namespace TokenActors.Cluster.Tests;

/// <summary>A test that starts silos of a real cluster: it needs PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = PostgreSqlServer.Missing;
}

/// <summary>What this build is.</summary>
internal static class Build
{
    public static string Root => Value("RepositoryRoot");

    public static string Program(string project, string assembly) =>
        Path.Combine(Value("Artifacts"), "bin", project, AppContext.BaseDirectory.TrimEnd('/').Split('/')[^1], assembly + ".dll");

    private static string Value(string key) =>
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
