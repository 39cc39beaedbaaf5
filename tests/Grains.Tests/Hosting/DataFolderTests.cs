using System.Runtime.Versioning;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Hosting.Bootstrapping;
using TokenActors.Hosting.Configuration;
using TokenActors.Hosting.Leases;
using TokenActors.Storage;

namespace TokenActors.Grains.Tests.Hosting;

[UnsupportedOSPlatform("windows")]
public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _parent = Directory.CreateTempSubdirectory("tokenactors-data-").FullName;

    private string Folder => Path.Combine(_parent, "data");

    private ServiceOptions Options => SettingsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection([new("TokenActors:DataDirectory", Folder)]).Build(), new ServiceRules());

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public async Task The_directory_and_the_databases_files_are_their_owners_alone()
    {
        DataFolder.Prepare(Options);
        Assert.Equal(OwnersFile | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        await using var store = await StoreFactory.Open(
            Options.Storage, "s", TimeProvider.System, NullLoggerFactory.Instance);
        var files = Directory.GetFiles(Folder);
        Assert.Equal(
            ["tokenactors.db", "tokenactors.db-shm", "tokenactors.db-wal"], files.Select(Path.GetFileName).Order());
        Assert.All(files, file => Assert.Equal(OwnersFile, File.GetUnixFileMode(file)));
        DataFolder.Demand(Options);
    }

    [Fact]
    public async Task A_database_that_everybody_could_read_is_its_owners_alone_after_the_next_start()
    {
        DataFolder.Prepare(Options);
        var file = Path.Combine(Folder, "tokenactors.db");
        await File.WriteAllTextAsync(file, "");
        File.SetUnixFileMode(file, OwnersFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await using var store = await StoreFactory.Open(
            Options.Storage, "s", TimeProvider.System, NullLoggerFactory.Instance);
        Assert.Equal(OwnersFile, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_directory_that_others_can_read_is_its_owners_alone_from_the_next_start_on()
    {
        Directory.CreateDirectory(Folder);
        File.SetUnixFileMode(
            Folder, OwnersFile | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
                | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        DataFolder.Prepare(Options);
        Assert.Equal(OwnersFile | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
    }

    [Fact]
    public void The_lock_of_a_database_is_its_owners_alone_also_where_it_is_there_already()
    {
        DataFolder.Prepare(Options);
        var file = Path.Combine(Folder, "tokenactors.db");
        using (new FileLease(file))
        {
            Assert.Equal(OwnersFile, File.GetUnixFileMode(file + ".lock"));
        }

        File.SetUnixFileMode(file + ".lock", OwnersFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        using (new FileLease(file))
        {
            Assert.Equal(OwnersFile, File.GetUnixFileMode(file + ".lock"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("pepper")]
    [InlineData("bootstrap.json")]
    [InlineData("tokenactors.db")]
    [InlineData("tokenactors.db-wal")]
    public void What_others_can_write_is_refused_with_the_command_that_mends_it(string name)
    {
        DataFolder.Prepare(Options);
        var path = name.Length == 0 ? Folder : Path.Combine(Folder, name);
        if (name.Length > 0)
        {
            File.WriteAllText(path, "");
        }

        foreach (var write in new[] { UnixFileMode.GroupWrite, UnixFileMode.OtherWrite })
        {
            var closed = File.GetUnixFileMode(path);
            File.SetUnixFileMode(path, closed | write);
            var problem = Assert.Throws<InvalidOperationException>(() => DataFolder.Prepare(Options));
            Assert.EndsWith($"Run: chmod go-w {path}", problem.Message);
            File.SetUnixFileMode(path, closed);
            DataFolder.Prepare(Options);
        }
    }
}
