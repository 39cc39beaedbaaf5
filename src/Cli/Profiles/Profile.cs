using TokenActors.Cli.Credentials;
using TokenActors.Cli.Foundation;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace TokenActors.Cli.Profiles;

/// <summary>A service, and how one signs in there. It holds no secret.</summary>
internal sealed class Profile
{
    /// <summary>Where the service is.</summary>
    public string? Url { get; set; }

    /// <summary>Id or name of the organization.</summary>
    public string? Organization { get; set; }

    /// <summary>The member's name.</summary>
    public string? Member { get; set; }

    /// <summary>A command that prints an access secret.</summary>
    public string? CredentialHelper { get; set; }
}

/// <summary>The file <c>config.yaml</c>.</summary>
internal sealed class Configuration
{
    /// <summary>The profile where none is named.</summary>
    public string? Current { get; set; }

    public Dictionary<string, Profile> Profiles { get; set; } = [];
}

/// <summary>The configuration, and beside it a file of secrets for each profile, all 0600.</summary>
/// <param name="terminal">whose environment says where</param>
internal sealed class ConfigurationFolder(Terminal terminal)
{
    private const string Default = "default";

    private string Folder => Path.Combine(
        terminal.Variable("XDG_CONFIG_HOME") ?? Path.Combine(terminal.Variable("HOME") ?? ".", ".config"), "tokenactors");

    private string FilePath => Path.Combine(Folder, "config.yaml");

    public Configuration Load()
    {
        if (PrivateFile.Read(FilePath) is not { } bytes)
        {
            return new();
        }

        try
        {
            var yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build();
            return Whole(yaml.Deserialize<Configuration?>(System.Text.Encoding.UTF8.GetString(bytes)));
        }
        catch (YamlException e)
        {
            throw new CliException(ExitCode.Failed, $"{FilePath}, line {e.Start.Line}: {e.Message}");
        }
    }

    /// <summary>To YAML a word with nothing under it is null.</summary>
    private static Configuration Whole(Configuration? read) => new()
    {
        Current = read?.Current,
        Profiles = (read?.Profiles ?? []).ToDictionary(
            profile => profile.Key, profile => profile.Value ?? new Profile()),
    };

    /// <summary>
    /// Puts a profile into the file as that is now: others may sign in at the same time, and each keeps its own. It is
    /// the current one where there was none.
    /// </summary>
    public async Task Keep(string name, Profile profile, TimeProvider time, CancellationToken cancellation)
    {
        var held = await PrivateFile.Lock(FilePath + ".lock", time, cancellation).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            var configuration = Load();
            configuration.Profiles[name] = profile;
            configuration.Current ??= name;
            Save(configuration);
        }
    }

    /// <summary>Keeps a profile's secrets, while nobody renews those of before.</summary>
    public async Task Keep(string name, StoredCredential credential, TimeProvider time, CancellationToken cancellation)
    {
        var held = await PrivateFile.Lock(LockOf(name), time, cancellation).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            await CredentialOf(name).Save(credential, cancellation).ConfigureAwait(false);
        }
    }

    private void Save(Configuration configuration)
    {
        var yaml = new SerializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance)
            .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitNull).Build();
        PrivateFile.Write(FilePath, System.Text.Encoding.UTF8.GetBytes(yaml.Serialize(configuration)));
    }

    /// <summary>The name of the profile that a command is about.</summary>
    public string NameOf(string? asked) =>
        asked ?? terminal.Variable("TOKENACTORS_PROFILE") ?? Load().Current ?? Default;

    /// <summary>The profile; an empty one where there is none of this name.</summary>
    /// <param name="name">of the profile</param>
    /// <param name="isAskedFor">it was named, so that it has to be there</param>
    public Profile Get(string name, bool isAskedFor)
    {
        if (Load().Profiles.TryGetValue(name, out var profile))
        {
            return profile;
        }

        return isAskedFor
            ? throw CliException.Usage(
                $"There is no profile {name}. Make it with: ta auth login --profile {name} --url …")
            : new Profile();
    }

    public CredentialFile CredentialOf(string profile) =>
        new(PathOf(profile, "json"), terminal.Error) { Advice = "Sign in with: ta auth login" };

    /// <summary>Held while a credential is renewed.</summary>
    public string LockOf(string profile) => PathOf(profile, "lock");

    /// <summary>Nothing happens where nothing is kept.</summary>
    public void Forget(string profile)
    {
        if (File.Exists(PathOf(profile, "json")))
        {
            File.Delete(PathOf(profile, "json"));
        }
    }

    private string PathOf(string profile, string extension) =>
        Path.Combine(Folder, "credentials", $"{Uri.EscapeDataString(profile)}.{extension}");
}
