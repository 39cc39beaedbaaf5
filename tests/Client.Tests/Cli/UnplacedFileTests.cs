using TokenActors.Cli.Foundation;

namespace TokenActors.Client.Tests.Cli;

/// <summary>Files with secrets that cannot be put where they belong.</summary>
public sealed class UnplacedFileTests
{
    /// <summary>The file that was to be renamed holds the secret too.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_secret_that_cannot_be_put_in_its_place_is_left_nowhere(bool isFilled)
    {
        var folder = Directory.CreateTempSubdirectory("tokenactors-unplaced-").FullName;
        try
        {
            var path = Directory.CreateDirectory(Path.Combine(folder, "token")).FullName;
            if (isFilled)
            {
                File.WriteAllText(Path.Combine(path, "other"), "");
            }

            Assert.ThrowsAny<Exception>(() => PrivateFile.Write(path, "secret"u8.ToArray()));
            Assert.Equal([path], Directory.GetFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
