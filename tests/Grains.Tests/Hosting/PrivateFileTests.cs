using TokenActors.Hosting.Bootstrapping;

namespace TokenActors.Grains.Tests.Hosting;

public sealed class PrivateFileTests
{
    /// <summary>Somebody who may write to the folder cannot make a secret go through a file or a link of its
    /// own.</summary>
    [Fact]
    public void What_was_planted_beside_a_secret_is_not_written_through()
    {
        var folder = Directory.CreateTempSubdirectory("tokenactors-private-").FullName;
        try
        {
            var path = Path.Combine(folder, "pepper");
            var planted = path + ".tmp";
            var elsewhere = Path.Combine(folder, "elsewhere");
            File.WriteAllText(elsewhere, "");
            File.CreateSymbolicLink(planted, elsewhere);
            File.CreateSymbolicLink(path, elsewhere);
            PrivateFile.Write(path, "secret");
            Assert.Equal("", File.ReadAllText(elsewhere));
            Assert.Equal("secret", File.ReadAllText(path));
            Assert.Null(new FileInfo(path).LinkTarget);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }

            Assert.Equal(3, Directory.GetFileSystemEntries(folder).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What could not be put in its place is a secret that lies around under another name.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_secret_that_cannot_be_put_in_its_place_is_left_nowhere(bool isFilled)
    {
        var folder = Directory.CreateTempSubdirectory("tokenactors-private-").FullName;
        try
        {
            var path = Directory.CreateDirectory(Path.Combine(folder, "bootstrap.json")).FullName;
            if (isFilled)
            {
                File.WriteAllText(Path.Combine(path, "other"), "");
            }

            Assert.ThrowsAny<Exception>(() => PrivateFile.Write(path, "secret"));
            Assert.Equal([path], Directory.GetFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_folder_that_is_missing_is_named()
    {
        var path = Path.Combine(Path.GetTempPath(), $"tokenactors-{Guid.NewGuid():N}", "pepper");
        var refused = Assert.Throws<DirectoryNotFoundException>(() => PrivateFile.Write(path, ""));
        Assert.Contains(Path.GetDirectoryName(path)!, refused.Message, StringComparison.Ordinal);
    }
}
