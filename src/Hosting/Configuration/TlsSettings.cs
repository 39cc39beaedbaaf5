using Microsoft.Extensions.Configuration;

namespace TokenActors.Hosting.Configuration;

/// <summary>Section <c>TokenActors:Cluster:Tls</c>: the files by which silos and clients know each other.</summary>
public sealed class TlsSettings
{
    internal const string Path = $"{ServiceOptions.Section}:Cluster:Tls";

    /// <summary>The file of the certificate to show: PEM, with any intermediates behind it, or PFX.</summary>
    public required string Certificate { get; init; }

    /// <summary>The file of its private key in PEM; null with a PFX file, which has the key inside.</summary>
    public string? Key { get; init; }

    /// <summary>Opens the PFX or an encrypted key.</summary>
    public string? Password { get; init; }

    /// <summary>The PEM file of the only certificates that a peer's chain may end in.</summary>
    public required string Authority { get; init; }

    /// <summary>Null where the section is not there. Half a section never means a cluster without TLS.</summary>
    internal static TlsSettings? Read(IConfigurationSection section, List<string> problems)
    {
        if (!section.GetChildren().Any())
        {
            return null;
        }

        var certificate = File(section, "Certificate", problems);
        var authority = File(section, "Authority", problems);
        if (section["Key"] is { } key && string.IsNullOrWhiteSpace(key))
        {
            problems.Add($"{section.Path}:Key is '{key}'; it must be the path of a file, or be left out for PFX");
        }

        return new TlsSettings
        {
            Certificate = certificate,
            Key = section["Key"],
            Password = section["Password"],
            Authority = authority,
        };
    }

    private static string File(IConfigurationSection section, string key, List<string> problems)
    {
        if (section[key] is { } path && !string.IsNullOrWhiteSpace(path))
        {
            return path;
        }

        problems.Add(section[key] is { } blank
            ? $"{section.Path}:{key} is '{blank}'; it must be the path of a file"
            : $"{section.Path}:{key} is missing; TLS needs a certificate to show and an authority to believe");
        return "";
    }
}
