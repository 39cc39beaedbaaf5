using System.Security.Cryptography;
using TokenActors.Storage.Secrets;

namespace TokenActors.Hosting.Bootstrapping;

/// <summary>
/// The pepper of a service that has none in its settings: the file <c>&lt;data&gt;/pepper</c> with one line
/// <c>id:base64</c>.
/// </summary>
internal static class PepperFile
{
    private const int IdBytes = 4;

    /// <summary>The file's pepper; null where there is no file.</summary>
    /// <inheritdoc cref="ReadOrCreate" path="/exception"/>
    public static Pepper? Find(string directory) =>
        File.Exists(PathIn(directory)) ? ReadOrCreate(directory, mayCreate: false) : null;

    /// <param name="directory">the data directory</param>
    /// <param name="mayCreate">false where the database already holds secrets under a pepper, so that a new one would
    /// be of no use</param>
    /// <exception cref="InvalidOperationException">the file is missing where it must not be, or is not a
    /// pepper</exception>
    public static Pepper ReadOrCreate(string directory, bool mayCreate)
    {
        var path = PathIn(directory);
        if (!File.Exists(path))
        {
            if (!mayCreate)
            {
                throw new InvalidOperationException(
                    $"{path} is missing, and the database holds secrets under a pepper. "
                    + "Restore the file, or set TokenActors:Secrets:Peppers.");
            }

            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
            var fresh = Convert.ToBase64String(RandomNumberGenerator.GetBytes(Pepper.KeyBytes));
            PrivateFile.Write(path, $"{id}:{fresh}\n");
        }

        var parts = File.ReadAllText(path).Trim().Split(':', 2);
        var key = new byte[Pepper.KeyBytes];
        return parts is [{ Length: > 0 }, var text]
            && Convert.TryFromBase64String(text, key, out var length) && length == Pepper.KeyBytes
                ? new Pepper(parts[0], key)
                : throw new InvalidOperationException(
                    $"{path} is not a pepper: it must hold one line id:base64 of {Pepper.KeyBytes} bytes");
    }

    private static string PathIn(string directory) => Path.Combine(directory, "pepper");
}
