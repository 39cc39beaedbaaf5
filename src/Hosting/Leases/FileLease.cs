using TokenActors.Grains.Foundation;

namespace TokenActors.Hosting.Leases;

/// <summary>
/// The lease of a service on a SQLite file: a locked file beside it, which one process at a time can hold. The kernel
/// releases it however the process ends.
/// </summary>
internal sealed class FileLease : SiloLease, IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _file;

    /// <exception cref="InvalidOperationException">another process holds the database</exception>
    public FileLease(string databasePath)
    {
        var path = databasePath + ".lock";
        try
        {
            _file = new FileStream(path, OptionsOf());
            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(_file.SafeFileHandle) != OwnerOnly)
            {
                File.SetUnixFileMode(_file.SafeFileHandle, OwnerOnly);
            }
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new InvalidOperationException(
                $"Another process serves {databasePath}: {path} is locked. "
                + "Stop it first, or use another --data directory.",
                e);
        }
    }

    public override bool IsHeld => true;

    public void Dispose() => _file.Dispose();

    private static FileStreamOptions OptionsOf()
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
