using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TokenActors.Gateway.Tests.Deploy;

/// <summary>What the images of the two servers are made from: the driver of SQL Server needs cultures, which are
/// ICU's.</summary>
public sealed partial class ImageTests
{
    private static readonly string Root = typeof(ImageTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value ?? "";

    [Theory]
    [InlineData("Gateway")]
    [InlineData("Silo")]
    public void Both_ways_to_an_image_take_the_base_with_icu(string project)
    {
        var properties = XDocument.Load(Path.Combine(Root, "src", project, $"TokenActors.{project}.csproj"));
        var family = Assert.Single(properties.Descendants("ContainerFamily")).Value;
        Assert.EndsWith("-extra", family, StringComparison.Ordinal);
        var last = FromLine().Matches(File.ReadAllText(Path.Combine(Root, "deploy/Dockerfile")))[^1].Groups["image"].Value;
        Assert.Equal($"mcr.microsoft.com/dotnet/aspnet:10.0-{family}", last);
        Assert.DoesNotContain(properties.Descendants("InvariantGlobalization"), property => property.Value == "true");
    }

    /// <summary>What is built, whatever file set it.</summary>
    [Fact]
    public void The_program_runs_with_cultures()
    {
        var settings = JsonNode.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "tokenactors.runtimeconfig.json")));
        Assert.False(
            (bool?)settings?["runtimeOptions"]?["configProperties"]?["System.Globalization.Invariant"] ?? false);
        Assert.DoesNotContain(
            "INVARIANT", File.ReadAllText(Path.Combine(Root, "deploy/Dockerfile")), StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"^FROM (?<image>\S+)", RegexOptions.Multiline)]
    private static partial Regex FromLine();
}
