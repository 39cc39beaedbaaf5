using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Tests;

/// <summary>
/// Messages that released versions have sent, in <c>WireSamples-&lt;version&gt;.txt</c>: each contract's bytes, and
/// what they meant. They must mean the same to this version; fields that came later may be missing in them.
/// <c>TOKENACTORS_UPDATE=1</c> writes the file of the version that is being made.
/// </summary>
public sealed class WireSampleTests
{
    private const string Version = "0.3";

    private static readonly Assembly Contracts = typeof(IRefreshTokenGrain).Assembly;

    private static readonly Serializer Serializer =
        new ServiceCollection().AddSerializer(s => s.AddAssembly(Contracts)).BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void What_earlier_versions_sent_means_the_same()
    {
        if (Environment.GetEnvironmentVariable("TOKENACTORS_UPDATE") == "1")
        {
            File.WriteAllText(Path.Combine(SourceFolder(), "Samples", $"WireSamples-{Version}.txt"), Write());
            return;
        }

        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Samples"), "WireSamples-*.txt");
        Assert.NotEmpty(files);
        foreach (var sample in files.SelectMany(file => File.ReadAllText(file).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)))
        {
            var lines = sample.Split('\n');
            var meaning = Describe("", Serializer.Deserialize<object>(Convert.FromBase64String(lines[1]))).ToHashSet();
            Assert.All(lines[2..].Where(line => line.Length > 0), line => Assert.Contains(line, meaning));
        }
    }

    [Fact]
    public void Every_contract_has_a_sample()
    {
        var written = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Samples"), "WireSamples-*.txt")
            .SelectMany(File.ReadAllLines).ToHashSet();
        Assert.All(Messages(), type => Assert.Contains(Alias(type), written));
    }

    internal static IEnumerable<Type> Messages() =>
        Contracts.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.Namespace?.StartsWith("TokenActors.", StringComparison.Ordinal) == true
            && t.GetCustomAttribute<AliasAttribute>() is not null
                && t.GetCustomAttribute<GenerateSerializerAttribute>() is not null
            && !t.IsAssignableTo(typeof(Exception)))
            .OrderBy(Alias, StringComparer.Ordinal);

    private static string Alias(Type type) => type.GetCustomAttribute<AliasAttribute>()!.Alias;

    private static string Write()
    {
        var text = new StringBuilder();
        foreach (var type in Messages())
        {
            var value = Fill(type, type.Name);
            text.Append(
                CultureInfo.InvariantCulture,
                $"{Alias(type)}\n{Convert.ToBase64String(Serializer.SerializeToArray(value))}\n");
            foreach (var line in Describe("", value))
            {
                text.Append(line).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A value of the type with something in every field, the same at every run.</summary>
    internal static object Fill(Type type, string name)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Fill(inner, name);
        }

        if (type.IsEnum)
        {
            return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            var item = Array.CreateInstance(type.GenericTypeArguments[0], 1);
            item.SetValue(Fill(type.GenericTypeArguments[0], name), 0);
            return typeof(ImmutableArray).GetMethods().First(
                m => m.Name == "Create" && m.GetParameters() is [{ ParameterType.IsArray: true }])
                .MakeGenericMethod(type.GenericTypeArguments[0]).Invoke(null, [item])!;
        }

        return type switch
        {
            _ when type == typeof(string) => $"sample of {name}",
            _ when type == typeof(bool) => true,
            _ when type == typeof(int) => 17,
            _ when type == typeof(long) => 18L,
            _ when type == typeof(IPAddress) => IPAddress.Parse("2001:db8::17"),
            _ when type == typeof(byte[]) => Encoding.UTF8.GetBytes(name),
            _ when type == typeof(Guid) => GuidOf(name),
            _ when type == typeof(DateTimeOffset) =>
                new DateTimeOffset(2026, 11, 24, 12, 30, 0, TimeSpan.Zero).AddMicroseconds(123456),
            _ when type == typeof(DateOnly) => new DateOnly(2026, 11, 24),
            _ when type == typeof(TimeSpan) => TimeSpan.FromMinutes(90),
            _ when type == typeof(SecretFingerprint) => new Secret(name).Fingerprint(),
            _ when type == typeof(ProtectedText) => new ProtectedText($"protected {name}"),
            _ when type == typeof(IPAddress) => IPAddress.Parse("10.1.2.3"),
            _ when type == typeof(Resources) => Resources.All with { AccountIds = Selection.Of("a1", "a2") },
            _ when type == typeof(Grant) => BuiltinRoles.GrantOf(BuiltinRoles.Administrator, new(GuidOf(name)), false)!.From(AddressRanges.Of(["10.0.0.0/8"])),
            { IsValueType: true } => Activator.CreateInstance(type, GuidOf(name))!,
            _ => FillRecord(type),
        };
    }

    private static object FillRecord(Type type)
    {
        var made = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in type.GetProperties().Where(p => p.SetMethod is not null))
        {
            property.SetValue(made, Fill(property.PropertyType, property.Name));
        }

        return made;
    }

    private static Guid GuidOf(string name) =>
        new(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    internal static IEnumerable<string> Describe(string path, object? value) => value switch
    {
        null => [],
        string or bool or int or long or Enum or Guid => [$"{path} = {value}"],
        IPAddress address => [$"{path} = {address}"],
        DateTimeOffset or DateOnly => [$"{path} = {((IFormattable)value).ToString("O", CultureInfo.InvariantCulture)}"],
        TimeSpan span => [$"{path} = {span:c}"],
        byte[] bytes => [$"{path} = {Convert.ToHexStringLower(bytes)}"],
        Selection or ActionSet or AddressRanges or IPAddress => [$"{path} = {value}"],
        ProtectedText text => [$"{path} = {text.Reveal()}"],
        SecretFingerprint fingerprint => [$"{path} = {Convert.ToHexStringLower(fingerprint.Bytes)}"],
        IEnumerable items => items.Cast<object>().SelectMany((item, i) => Describe($"{path}[{i}]", item)),
        _ => value.GetType().GetProperties().Where(
            p => p.GetIndexParameters().Length == 0 && p.CanRead && !p.GetMethod!.IsStatic)
            .SelectMany(p => Describe($"{path}.{p.Name}", p.GetValue(value))),
    };

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") =>
        Path.GetDirectoryName(path)!;
}
