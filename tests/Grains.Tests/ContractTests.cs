using System.Reflection;
using System.Text;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Tests;

/// <summary>
/// The grain contract against <c>Contract.txt</c>; <c>TOKENACTORS_UPDATE=1</c> writes it anew after a deliberate
/// change.
/// </summary>
public sealed class ContractTests
{
    private static readonly Assembly Contracts = typeof(IRefreshTokenGrain).Assembly;

    [Fact]
    public void Interfaces_and_ids_are_those_that_were_released()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Contract.txt");
        var actual = Describe();
        if (Environment.GetEnvironmentVariable("TOKENACTORS_UPDATE") == "1")
        {
            File.WriteAllText(Path.Combine(SourceFolder(), "Contract.txt"), actual);
            return;
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    [Fact]
    public void No_contract_holds_a_secret()
    {
        var holders = Contracts.GetTypes().Where(HasAlias)
            .SelectMany(t => t.GetProperties().Select(p => (t, Type: p.PropertyType)).Concat(
                t.GetMethods().SelectMany(m => m.GetParameters().Select(p => (t, Type: p.ParameterType)))))
            .Where(x => x.Type == typeof(Secret) || x.Type.Name == "SecretPair")
            .Select(x => x.t.Name);
        Assert.Empty(holders);
    }

    [Fact]
    public void Contracts_are_sealed_and_immutable()
    {
        var open = Contracts.GetTypes().Where(t => HasAlias(t) && t.IsClass && !t.IsAssignableTo(typeof(Exception)))
            .Where(t => !t.IsSealed || t.GetProperties().Any(p => p.SetMethod is { } set
                && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit))));
        Assert.Empty(open);
    }

    private static string Describe()
    {
        var text = new StringBuilder();
        foreach (var type in Contracts.GetTypes().Where(HasAlias).OrderBy(AliasOf, StringComparer.Ordinal))
        {
            text.Append(AliasOf(type)).Append('\n');
            if (type.IsInterface)
            {
                foreach (var method in type.GetMethods().OrderBy(m => AliasOf(m), StringComparer.Ordinal))
                {
                    text.Append($"  {AliasOf(method)}({string.Join(", ", method.GetParameters().Select(p => Name(p.ParameterType)))}): {Name(method.ReturnType)}\n");
                }
            }
            else if (type.IsEnum)
            {
                foreach (var value in Enum.GetNames(type))
                {
                    text.Append($"  {value} = {(int)Enum.Parse(type, value)}\n");
                }
            }
            else
            {
                foreach (var (id, member) in type.GetMembers().Select(m => (Id: m.GetCustomAttribute<IdAttribute>()?.Id, m)).Where(x => x.Id is not null).OrderBy(x => x.Id))
                {
                    var memberType = member is PropertyInfo p ? p.PropertyType : ((FieldInfo)member).FieldType;
                    text.Append($"  {id} {member.Name}: {Name(memberType)}\n");
                }
            }
        }

        return text.ToString();
    }

    private static bool HasAlias(MemberInfo type) =>
        type.GetCustomAttribute<AliasAttribute>() is not null
            && (type as Type)?.Namespace?.StartsWith("TokenActors.", StringComparison.Ordinal) == true;

    private static string AliasOf(MemberInfo member) =>
        member.GetCustomAttribute<AliasAttribute>()?.Alias ?? member.Name;

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.IsArray ? Name(type.GetElementType()!) + "[]" : AliasOf(type).Replace("TokenActors.", "");

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") =>
        Path.GetDirectoryName(path)!;
}
