using System.Security.Cryptography;
using System.Text;

namespace TokenActors.Hosting.Bootstrapping;

/// <summary>Writes files that only their owner may read. A crash leaves the whole file or none.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Writes a temporary file, flushes it to disk, and renames it. The temporary file is a new one under a random
    /// name: what somebody else has put there beforehand, a file or a link, is never written through.
    /// </summary>
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using (var file = new FileStream(temporary, options))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
