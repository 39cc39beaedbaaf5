using System.Buffers.Binary;
using System.Reflection;

namespace TokenActors.WebConsole.Tests;

/// <summary>The pictures of the guide, as <c>build/screenshots.sh</c> makes them.</summary>
public sealed class PictureTests
{
    private const int WidthAt = 16;
    private const int ColorTypeAt = 25;
    private const int Palette = 3;
    private const int MostBytes = 3 * 1024 * 1024;

    private static readonly string Docs = Path.Combine(
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "docs");

    [Fact]
    public async Task The_guide_shows_every_screen_by_a_small_picture()
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(Docs, "console.md"));
        var pictures = Directory.GetFiles(Path.Combine(Docs, "images"), "*.png");
        Assert.Equal(
            ScreenTests.Names.Append("token-dark").Order(),
            pictures.Select(picture => Path.GetFileNameWithoutExtension(picture)).Order());
        Assert.All(
            pictures,
            picture => Assert.Contains($"(images/{Path.GetFileName(picture)})", guide, StringComparison.Ordinal));
        Assert.All(pictures, picture =>
        {
            var bytes = File.ReadAllBytes(picture);
            Assert.Equal(
                (1280, Palette), (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(WidthAt)), bytes[ColorTypeAt]));
        });
        Assert.InRange(pictures.Sum(picture => new FileInfo(picture).Length), 1, MostBytes);
    }
}
