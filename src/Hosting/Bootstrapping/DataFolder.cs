using TokenActors.Hosting.Configuration;
using TokenActors.Storage;

namespace TokenActors.Hosting.Bootstrapping;

/// <summary>
/// The data directory, which holds secrets and the database: only its owner may write to it and to what is in it.
/// Windows has no such modes.
/// </summary>
internal static class DataFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode WriteOfOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private static readonly string[] Secrets = ["pepper", "bootstrap.json"];

    /// <summary>
    /// Makes the directory where it is missing, for its owner alone, and checks it where it is there; what others could
    /// read of it they can read no more.
    /// </summary>
    /// <exception cref="InvalidOperationException">others may write to it or to what is in it, or it cannot be
    /// made</exception>
    public static void Prepare(ServiceOptions options)
    {
        Demand(options);
        try
        {
            Create(options.DataDirectory);
            Narrow(options.DataDirectory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InvalidOperationException(
                $"--data '{options.DataDirectory}' cannot be used as a directory: {e.Message}", e);
        }
    }

    /// <summary>Makes a directory that only its owner may enter, unless it is there.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }

    /// <summary>As if it had been made here. Who is not its owner cannot do so, and leaves it as it is.</summary>
    private static void Narrow(string path)
    {
        if (OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == OwnerOnly)
        {
            return;
        }

        try
        {
            File.SetUnixFileMode(path, OwnerOnly);
        }
        catch (UnauthorizedAccessException)
        {
            return;
        }
    }

    /// <summary>
    /// Checks the directory, the secrets in it and the database's files. Whoever can write to one of them can put its
    /// own pepper or rows there.
    /// </summary>
    /// <exception cref="InvalidOperationException">names all that others may write to, and the command that mends
    /// it</exception>
    public static void Demand(ServiceOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            throw new InvalidOperationException(
                $"--data '{options.DataDirectory}' is no directory; it must be one such as ./data.");
        }

        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string[] files =
        [
            options.DataDirectory,
            .. Secrets.Select(name => Path.Combine(options.DataDirectory, name)),
            .. options.Storage.Provider == DatabaseProvider.Sqlite
                ? StoreFactory.FilesOf(options.Storage)
                : [],
        ];
        var open = files.Where(IsOpen).ToList();
        if (open.Count > 0)
        {
            throw new InvalidOperationException(
                $"Others than the owner can write to {string.Join(", ", open)}. Run: chmod go-w {string.Join(' ', open)}");
        }
    }

    private static bool IsOpen(string path) =>
        !OperatingSystem.IsWindows() && Path.Exists(path) && (File.GetUnixFileMode(path) & WriteOfOthers) != 0;
}
