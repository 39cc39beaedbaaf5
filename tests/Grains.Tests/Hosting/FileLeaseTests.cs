using TokenActors.Hosting.Leases;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>One process at a time serves a SQLite file.</summary>
public sealed class FileLeaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-lease-").FullName;

    private string Database => Path.Combine(_folder, "tokenactors.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_second_one_is_told_who_is_in_its_way_until_the_first_is_over()
    {
        var first = new FileLease(Database);
        Assert.True(first.IsHeld);
        var taken = Assert.Throws<InvalidOperationException>(() => new FileLease(Database));
        Assert.Equal(
            $"Another process serves {Database}: {Database}.lock is locked. Stop it first, or use another --data directory.", taken.Message);
        first.Dispose();
        using var second = new FileLease(Database);
        Assert.True(second.IsHeld);
    }

    [Fact]
    public void The_file_is_its_owners_alone_also_where_it_was_there_before()
    {
        File.WriteAllText($"{Database}.lock", "");
        File.SetUnixFileMode($"{Database}.lock", (UnixFileMode)0b110_110_110);
        using var lease = new FileLease(Database);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{Database}.lock"));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told_as_that() =>
        Assert.Throws<DirectoryNotFoundException>(
            () => new FileLease(Path.Combine(_folder, "missing", "tokenactors.db")));
}
