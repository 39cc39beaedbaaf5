using Microsoft.Extensions.Configuration;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Tokens;
using TokenActors.Storage;
using TokenActors.Storage.Secrets;

namespace TokenActors.Hosting.Configuration;

/// <summary>The settings of section <c>TokenActors</c> that a silo needs, read and checked together.</summary>
public sealed class ServiceOptions
{
    public const string Section = "TokenActors";

    /// <summary>After which the runtime reads its reminders again; the windowed table returns what falls due within twice that.</summary>
    public static readonly TimeSpan ReminderReadPeriod = TimeSpan.FromMinutes(5);

    /// <summary>At least the read period, the longest read, the response time-out, and room for a failed read (reminders.md).</summary>
    public static readonly TimeSpan ReminderWindow = TimeSpan.FromMinutes(10);

    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    private ServiceOptions(
        string dataDirectory, StorageOptions storage, ClusterSettings cluster, IReadOnlyList<Pepper> peppers, TokenSettings tokens)
    {
        DataDirectory = dataDirectory;
        Storage = storage;
        Cluster = cluster;
        Peppers = peppers;
        Tokens = tokens;
    }

    /// <summary>Holds the SQLite file, the pepper and what bootstrap wrote.</summary>
    public string DataDirectory { get; }

    public StorageOptions Storage { get; }

    public ClusterSettings Cluster { get; }

    /// <summary>Configured peppers, the one in use first; empty where the file in the data directory is used.</summary>
    public IReadOnlyList<Pepper> Peppers { get; }

    public TokenSettings Tokens { get; }

    /// <summary>Reads the section; everything that is wrong is added to <paramref name="problems"/>, each with its key, value and rule.</summary>
    public static ServiceOptions Read(IConfiguration configuration, List<string> problems)
    {
        var section = configuration.GetSection(Section);
        var data = section["DataDirectory"] ?? "data";
        var storage = new StorageOptions
        {
            Provider = Choice(section, "Storage:Provider", [StorageOptions.Sqlite, StorageOptions.PostgreSql, StorageOptions.SqlServer], problems),
            ConnectionString = section["Storage:ConnectionString"],
        };
        problems.AddRange(storage.Problems());
        if (storage.Provider == StorageOptions.Sqlite)
        {
            storage.ConnectionString ??= StoreFactory.SqliteFile(Path.Combine(data, "tokenactors.db"));
        }

        var grace = Duration(section, "Tokens:RefreshGrace", "60s", problems);
        var reuse = Choice(section, "Tokens:ReuseDetection", ["Refuse", "Disable"], problems);
        return new ServiceOptions(
            data,
            storage,
            ClusterSettings.Read(section, problems),
            ReadPeppers(section.GetSection("Secrets:Peppers"), problems),
            new TokenSettings(
                new TokenRules(grace, reuse == "Disable"), Number(section, "Tokens:MostLiveTokens", 0, 0, problems), ReminderReadPeriod));
    }

    /// <summary>One of the words, in any letter case; the first is the default.</summary>
    public static string Choice(IConfigurationSection section, string key, string[] words, List<string> problems)
    {
        if (section[key] is not { } value)
        {
            return words[0];
        }

        var word = words.FirstOrDefault(w => w.Equals(value, StringComparison.OrdinalIgnoreCase));
        if (word is null)
        {
            problems.Add($"{section.Path}:{key} is '{value}'; it must be one of {string.Join(", ", words)}");
        }

        return word ?? words[0];
    }

    public static int Number(IConfigurationSection section, string key, int standard, int least, List<string> problems)
    {
        if (section[key] is not { } value)
        {
            return standard;
        }

        if (int.TryParse(value, out var number) && number >= least)
        {
            return number;
        }

        problems.Add($"{section.Path}:{key} is '{value}'; it must be a whole number of at least {least}");
        return standard;
    }

    private static TimeSpan Duration(IConfigurationSection section, string key, string standard, List<string> problems)
    {
        var value = section[key] ?? standard;
        if (GoDuration.TryParse(value, out var duration, out var problem))
        {
            return duration.Value;
        }

        problems.Add($"{section.Path}:{key} is '{value}'; it {problem}");
        return default;
    }

    public static string Text(IConfigurationSection section, string key, string standard, List<string> problems)
    {
        var value = section[key] ?? standard;
        if (string.IsNullOrWhiteSpace(value) || value.Length > 100)
        {
            problems.Add($"{section.Path}:{key} is '{value}'; it must have 1 to 100 characters");
        }

        return value;
    }

    private static List<Pepper> ReadPeppers(IConfigurationSection section, List<string> problems)
    {
        List<Pepper> peppers = [];
        foreach (var child in section.GetChildren())
        {
            var key = new byte[Pepper.KeyBytes];
            if (child["Id"] is not { Length: > 0 } id)
            {
                problems.Add($"{child.Path}:Id is missing; every pepper needs an id of its own");
            }
            else if (!Convert.TryFromBase64String(child["Key"] ?? "", key, out var length) || length != Pepper.KeyBytes)
            {
                problems.Add($"{child.Path}:Key (not shown) must be {Pepper.KeyBytes} bytes in base64");
            }
            else if (peppers.Any(pepper => pepper.Id == id))
            {
                problems.Add($"{child.Path}:Id is '{id}', which another pepper has; ids must differ");
            }
            else
            {
                peppers.Add(new Pepper(id, key));
            }
        }

        return peppers;
    }
}
