using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace TokenActors.Cli.Foundation;

/// <summary>Files that only their owner may read. A crash leaves the whole file or the one before.</summary>
internal static partial class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnerOnly | UnixFileMode.UserExecute;
    private const int ReadOnly = 0;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Writes a temporary file, flushes it, renames it, and flushes the name too.</summary>
    public static void Write(string path, byte[] content)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full) ?? "/";
        MakeFolder(folder);
        var temporary = $"{full}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using (var file = new FileStream(temporary, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        FlushName(folder);
    }

    /// <summary>
    /// The file that a path means, so that two paths can be compared: whole, and past a link of its folder. The last
    /// part may be a link, which a write replaces.
    /// </summary>
    public static string PlaceOf(string path)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full) ?? "/";
        var target = Directory.Exists(folder)
            ? Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName
            : null;
        return Path.Combine(target ?? folder, Path.GetFileName(full));
    }

    /// <summary>Takes the rights of everybody else away.</summary>
    /// <returns>the rights that others had; none: nothing was to be done</returns>
    public static UnixFileMode Close(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path))
        {
            return UnixFileMode.None;
        }

        var mode = File.GetUnixFileMode(path);
        var others = mode & ~OwnersFolder;
        if (others != UnixFileMode.None)
        {
            File.SetUnixFileMode(path, mode & OwnersFolder);
        }

        return others;
    }

    /// <summary>Null where there is none.</summary>
    public static byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>A file that at most one process holds; null where another one does.</summary>
    public static FileStream? TryLock(string path)
    {
        var full = Path.GetFullPath(path);
        MakeFolder(Path.GetDirectoryName(full) ?? "/");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            return new FileStream(full, options);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return null;
        }
    }

    /// <summary>The same, waited for.</summary>
    public static async Task<FileStream> Lock(string path, TimeProvider time, CancellationToken cancellation)
    {
        FileStream? held;
        while ((held = TryLock(path)) is null)
        {
            await Task.Delay(LockPause, time, cancellation).ConfigureAwait(false);
        }

        return held;
    }

    private static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnersFolder);
        }
    }

    /// <summary>A rename is durable once its folder is; the runtime opens no folders.</summary>
    private static void FlushName(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"The folder {folder} cannot be opened to be flushed.");
        }

        var flushed = Flush(descriptor);
        _ = Close(descriptor);
        if (flushed != 0)
        {
            throw new IOException($"The folder {folder} cannot be flushed.");
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
