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
}
