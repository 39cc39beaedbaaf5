using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TokenActors.Domain.Tests;

/// <summary>Rules of the code base, read off the files.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string Root =
        typeof(ArchitectureTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["AspNetCore"] = [],
        ["Cli"] = ["Client"],
        ["Client"] = [],
        ["Console"] = ["Client", "InProcess"],
        ["Domain"] = [],
        ["Storage"] = ["Domain"],
        ["Grains.Abstractions"] = ["Domain"],
        ["Grains"] = ["Grains.Abstractions", "Storage"],
        ["Hosting"] = ["Grains"],
        ["Silo"] = ["Hosting"],
        ["InProcess"] = [],
        ["Mcp"] = ["Client", "Domain"],
        ["Gateway"] = ["Console", "Grains.Abstractions", "Hosting", "InProcess", "Mcp"],
    };

    [Fact]
    public void Projects_reference_only_whom_they_may()
    {
        var projects = Directory.GetDirectories(Path.Combine(Root, "src")).Select(d => Path.GetFileName(d)).Order().ToList();
        Assert.Equal(Arrows.Keys.Order(), projects);
        foreach (var project in projects)
        {
            var file = Directory.GetFiles(Path.Combine(Root, "src", project), "*.csproj").Single();
            var references = XDocument.Load(file).Descendants("ProjectReference")
                .Select(r => Path.GetFileName(Path.GetDirectoryName(r.Attribute("Include")!.Value)!)).Order();
            Assert.Equal(Arrows[project].Order(), references);
        }
    }

    [Fact]
    public void Domain_has_no_package_and_storage_no_orleans()
    {
        Assert.Empty(Packages("Domain"));
        Assert.DoesNotContain(Packages("Storage"), p => p.Contains("Orleans"));
    }

    [Fact]
    public void Every_event_id_of_a_log_is_one_message()
    {
        var ids = Sources().SelectMany(f => EventId().Matches(File.ReadAllText(f))
            .Select(m => (Id: m.Groups["id"].Value, File: Path.GetFileName(f)))).ToList();
        Assert.True(ids.Count > 20, "the messages were found");
        Assert.Equal(
            Sources().Sum(f => Message().Count(File.ReadAllText(f))), ids.Count);
        Assert.Empty(ids.GroupBy(i => i.Id).Where(g => g.Count() > 1)
            .Select(g => $"{g.Key}: {string.Join(", ", g.Select(i => i.File))}"));
    }

    [Fact]
    public void No_source_file_is_longer_than_four_hundred_lines()
    {
        var long_ = Sources().Where(f => File.ReadLines(f).Count() > 400).Select(Path.GetFileName);
        Assert.Empty(long_);
    }

    [Fact]
    public void A_grain_is_one_class_in_one_file_of_at_most_250_lines()
    {
        var files = Sources().Where(f => Path.GetFileName(f).Contains("Grain.") && f.Contains("/src/Grains/")).ToList();
        Assert.NotEmpty(files);
        Assert.All(files, f => Assert.DoesNotContain(File.ReadLines(f), line => line.Contains(" partial class ")));
        Assert.All(files, f =>
        {
            var lines = File.ReadLines(f).SkipWhile(line => !line.Contains(" class ")).Count();
            Assert.True(lines <= 250, $"the class in {f} has {lines} lines");
        });
    }

    /// <summary>
    /// Grains are plain classes: of Orleans they use grains and their references, and the few things that are named
    /// here.
    /// </summary>
    [Fact]
    public void Grains_use_little_of_orleans()
    {
        string[] allowed =
        [
            "Orleans", "Orleans.Concurrency", "Orleans.GrainDirectory", "Orleans.Metadata", "Orleans.Runtime",
            "Orleans.Runtime.Services", "Orleans.Services",
        ];
        var folder = Path.Combine(Root, "src", "Grains");
        var used = Sources().Where(
            file => file.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .SelectMany(File.ReadLines).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .SelectMany(line => OrleansNamespace().Matches(line)).Select(match => match.Groups["namespace"].Value).Distinct().ToList();
        Assert.Contains("Orleans.Concurrency", used);
        Assert.Empty(used.Except(allowed));
        var project = XDocument.Load(Directory.GetFiles(folder, "*.csproj").Single());
        var implied = project.Descendants("Using").Select(item => item.Attribute("Include")!.Value).Where(
            name => name.StartsWith("Orleans", StringComparison.Ordinal));
        Assert.Equal(["Orleans", "Orleans.Runtime"], implied.Order());
        Assert.Equal(
            ["Microsoft.Orleans.Reminders", "Microsoft.Orleans.Sdk"],
            Packages("Grains").Where(p => p.Contains("Orleans")).Order());
    }

    [Fact]
    public void Classes_are_sealed_static_or_abstract()
    {
        var open = Sources()
            .SelectMany(f => File.ReadLines(f).Where(line => OpenClass().IsMatch(line)).Select(
                line => $"{Path.GetFileName(f)}: {line.Trim()}"));
        Assert.Empty(open);
    }

    [Fact]
    public void Nothing_reads_a_clock_sleeps_or_leaves_work_undone()
    {
        var hits = Sources().SelectMany(f => File.ReadLines(f).Where(line => Forbidden().IsMatch(line)).Select(
            line => $"{Path.GetFileName(f)}: {line.Trim()}"));
        Assert.Empty(hits);
    }

    [Fact]
    public void Conditional_compilation_stands_nowhere()
    {
        var hits = Sources().Where(f => File.ReadLines(f).Any(line => line.TrimStart().StartsWith("#if")));
        Assert.Empty(hits);
    }

    private static IEnumerable<string> Packages(string project) =>
        XDocument.Load(Directory.GetFiles(Path.Combine(Root, "src", project), "*.csproj").Single())
            .Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value);

    private static IEnumerable<string> Sources() =>
        Directory.GetFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories);

    [GeneratedRegex(@"\[LoggerMessage\(\s*(EventId = )?(?<id>\d+)\b")]
    private static partial Regex EventId();

    [GeneratedRegex(@"\[LoggerMessage\b")]
    private static partial Regex Message();

    /// <summary>Of a using, or of a name that is written out: what comes before the type, which is the last part of
    /// it.</summary>
    [GeneratedRegex(@"using\s+(static\s+)?(?<namespace>Orleans(\.\w+)*);|(?<![.\w])(?<namespace>Orleans(\.\w+)*)\.[A-Z]\w*(?!\.?\w)")]
    private static partial Regex OrleansNamespace();

    [GeneratedRegex(@"^\s*(public|internal|private)\s+(partial\s+)?(class|record)\s+(?!struct)")]
    private static partial Regex OpenClass();

    [GeneratedRegex(@"DateTime(Offset)?\.(Utc)?Now|Thread\.Sleep|new Random\(|TODO|FIXME|NotImplementedException")]
    private static partial Regex Forbidden();
}
