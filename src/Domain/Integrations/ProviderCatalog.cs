using System.Collections.Frozen;

namespace TokenActors.Domain.Integrations;

/// <summary>What a field of a provider's configuration must be.</summary>
public enum ProviderFieldKind
{
    Text,
    Flag,
    Number,

    /// <summary>A list of texts.</summary>
    Texts,

    /// <summary>A list of anything.</summary>
    List,

    Object,

    /// <summary>A credential: its secret inline, or the id of one that is stored.</summary>
    Credential,

    /// <summary>A union of which only the provider knows the forms.</summary>
    Any,
}

/// <param name="Name">as on the wire</param>
/// <param name="Kind">what it must be</param>
/// <param name="Required">a configuration without it is refused</param>
public sealed record ProviderField(string Name, ProviderFieldKind Kind, bool Required);

/// <summary>One variant of <c>provider_config</c>, <c>&lt;category&gt;_&lt;provider&gt;</c>.</summary>
public sealed record Provider(string Type, string Category, string FullName, IReadOnlyList<ProviderField> Fields)
{
    /// <summary>Made for tests: there is nothing behind it.</summary>
    public bool IsMock =>
        Type.EndsWith("_mock", StringComparison.Ordinal) || Type.Contains("_mock_", StringComparison.Ordinal);
}

/// <summary>
/// The variants of <c>provider_config</c>, from <c>providers.tsv</c>: type, required fields, optional fields.
/// </summary>
public static class ProviderCatalog
{
    private static readonly FrozenDictionary<string, Provider> Providers =
        Load().ToFrozenDictionary(provider => provider.Type, StringComparer.Ordinal);

    /// <summary>Categories of connectors, in alphabetical order.</summary>
    public static IReadOnlyList<string> Categories { get; } =
        [.. Providers.Values.Select(provider => provider.Category).Distinct().Order(StringComparer.Ordinal)];

    public static IEnumerable<Provider> All => Providers.Values;

    public static bool Exists(string type) => Providers.ContainsKey(type);

    public static Provider? Find(string type) => Providers.GetValueOrDefault(type);

    private static IEnumerable<Provider> Load()
    {
        using var stream = typeof(ProviderCatalog).Assembly.GetManifestResourceStream("providers.tsv")
            ?? throw new InvalidOperationException("the assembly holds no providers.tsv");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split('\t');
            var split = parts[0].IndexOf('_');
            yield return new Provider(
                parts[0],
                parts[0][..split],
                Title(parts[0][(split + 1)..]),
                [
                    .. Fields(parts.ElementAtOrDefault(1), required: true),
                    .. Fields(parts.ElementAtOrDefault(2), required: false),
                ]);
        }
    }

    private static IEnumerable<ProviderField> Fields(string? text, bool required) =>
        (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(field => field.Split(':') is [var name, var kind]
                ? new ProviderField(name, Enum.Parse<ProviderFieldKind>(kind, ignoreCase: true), required)
                : throw new FormatException($"'{field}' is not name:kind"));

    /// <summary>The display name of what has words with underscores for a name.</summary>
    public static string Title(string provider) => string.Join(' ', provider.Split('_').Select(Capitalized));

    private static string Capitalized(string word) =>
        word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..];
}
