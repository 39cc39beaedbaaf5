using System.Security.Cryptography;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Hosting.Tls;

/// <summary>The contents of the files that the settings name.</summary>
internal sealed class TlsFiles
{
    private TlsFiles(byte[] certificate, byte[]? key, byte[] authority)
    {
        Certificate = certificate;
        Key = key;
        Authority = authority;
        byte[][] digests = [SHA256.HashData(certificate), SHA256.HashData(key ?? []), SHA256.HashData(authority)];
        Digest = Convert.ToHexStringLower(SHA256.HashData([.. digests.SelectMany(digest => digest)]));
    }

    public byte[] Certificate { get; }

    public byte[]? Key { get; }

    public byte[] Authority { get; }

    /// <summary>A digest of all files, which differs as soon as any of them changes.</summary>
    public string Digest { get; }

    /// <exception cref="SettingsException">some file cannot be read</exception>
    public static TlsFiles Read(TlsSettings settings) => new(
        Read("Certificate", settings.Certificate),
        settings.Key is { } key ? Read("Key", key) : null,
        Read("Authority", settings.Authority));

    /// <summary>The error for a setting whose file cannot be used.</summary>
    public static SettingsException Unusable(string key, string path, string reason) =>
        new([$"{TlsSettings.Path}:{key} is '{path}'; {reason}"]);

    private static byte[] Read(string key, string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unusable(key, path, "there is no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(key, path, $"it cannot be read: {e.Message}");
        }
    }
}
