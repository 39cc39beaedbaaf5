using System.Reflection;

namespace TokenActors.Client.Tests.Packages;

/// <summary>A test that packs what was built. Where it was not, as in a build of one project, it is skipped, which the
/// run says.</summary>
public sealed class PackedFactAttribute : FactAttribute
{
    /// <param name="project">its name without the first word, which is its folder</param>
    public PackedFactAttribute(string project)
    {
        if (!Directory.Exists(Path.Combine(Root, "artifacts/bin", "TokenActors." + project, Configuration.ToLowerInvariant())))
        {
            Skip = $"TokenActors.{project} is not built in {Configuration}";
        }
    }

    public static string Root { get; } = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!;

    public static string Configuration { get; } =
        AppContext.BaseDirectory.TrimEnd('/').Split('/')[^1] == "release" ? "Release" : "Debug";
}
