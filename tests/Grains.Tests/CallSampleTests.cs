using System.Reflection;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Invocation;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Tests;

/// <summary>
/// Every call as the first version that had it sent it, in <c>Samples/Calls.txt</c>. This version sends the same
/// bytes, so that silos of both versions understand each other during an upgrade. Arguments that are contracts are
/// left out: <see cref="WireSampleTests"/> has them. <c>TOKENACTORS_UPDATE=1</c> adds calls that are new and leaves
/// the others as they are.
/// </summary>
public sealed class CallSampleTests
{
    private static readonly Assembly Contracts = typeof(IRefreshTokenGrain).Assembly;

    private static readonly Serializer Serializer =
        new ServiceCollection().AddSerializer(s => s.AddAssembly(Contracts)).BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void Calls_are_sent_as_earlier_versions_sent_them()
    {
        var known = Read(Path.Combine(AppContext.BaseDirectory, "Samples", "Calls.txt"));
        var sent = Calls().ToDictionary(
            Name, call => Convert.ToBase64String(Serializer.SerializeToArray<object>(call)));
        if (Environment.GetEnvironmentVariable("TOKENACTORS_UPDATE") == "1")
        {
            var all = sent.Concat(known).DistinctBy(call => call.Key).ToDictionary(
                call => call.Key, call => known.GetValueOrDefault(call.Key, call.Value));
            Write(Path.Combine(SourceFolder(), "Samples", "Calls.txt"), all);
            return;
        }

        Assert.All(
            sent, call => Assert.Equal($"{call.Key} {known.GetValueOrDefault(call.Key)}", $"{call.Key} {call.Value}"));
    }

    [Fact]
    public void Calls_of_earlier_versions_are_understood()
    {
        var calls = Calls().ToDictionary(Name);
        foreach (var (name, sample) in Read(Path.Combine(AppContext.BaseDirectory, "Samples", "Calls.txt")))
        {
            var received = Assert.IsAssignableFrom<IInvokable>(
                Serializer.Deserialize<object>(Convert.FromBase64String(sample)));
            Assert.Equal(name, Name(received));
            Assert.Equal(Meaning(calls[name]), Meaning(received));
        }
    }

    /// <summary>
    /// One of every call that a contract's interface has, with arguments that are the same at every run.
    /// </summary>
    private static IEnumerable<IInvokable> Calls()
    {
        foreach (var type in Contracts.GetTypes().Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IInvokable))))
        {
            var call = Assert.IsAssignableFrom<IInvokable>(Activator.CreateInstance(type));
            foreach (var (parameter, i) in call.GetMethod().GetParameters().Select((parameter, i) => (parameter, i)))
            {
                if (IsSent(parameter) && !WireSampleTests.Messages().Contains(parameter.ParameterType))
                {
                    call.SetArgument(i, WireSampleTests.Fill(parameter.ParameterType, parameter.Name ?? ""));
                }
            }

            yield return call;
        }
    }

    /// <summary>Orleans sends a signal when a token fires, never the token.</summary>
    private static bool IsSent(ParameterInfo parameter) => parameter.ParameterType != typeof(CancellationToken);

    private static List<string> Meaning(IInvokable call) =>
    [
        .. call.GetMethod().GetParameters().Where(IsSent).SelectMany(
            (parameter, i) => WireSampleTests.Describe(parameter.Name ?? "", call.GetArgument(i))),
    ];

    private static string Name(IInvokable call)
    {
        var method = call.GetMethod();
        var overload = string.Join(
            ",", method.GetParameters().Where(IsSent).Select(parameter => parameter.ParameterType.Name));
        return $"{Alias(call.GetInterfaceType())}.{Alias(method)}({overload})";
    }

    private static string Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()?.Alias ?? member.Name;

    private static Dictionary<string, string> Read(string path) => File.Exists(path)
        ? File.ReadLines(path).Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => parts[1])
        : [];

    private static void Write(string path, Dictionary<string, string> calls)
    {
        var text = new StringBuilder();
        foreach (var (name, sample) in calls.OrderBy(call => call.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append(' ').Append(sample).Append('\n');
        }

        File.WriteAllText(path, text.ToString());
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") =>
        Path.GetDirectoryName(path) ?? "";
}
