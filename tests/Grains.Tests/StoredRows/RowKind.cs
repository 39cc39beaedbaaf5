using System.Collections;
using System.Reflection;
using System.Text.Json.Nodes;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.StoredRows;

/// <summary>One kind of row: a sample with every field, and how it is read and written.</summary>
/// <param name="Name">of the kind</param>
/// <param name="Sample">what is stored</param>
/// <param name="Write">makes a row of it</param>
/// <param name="Read">makes the same of the row again</param>
public sealed record RowKind(
    string Name, object Sample, Func<object, StoredRecord> Write, Func<StoredRecord, object> Read)
{
    public static RowKind Of<T>(string name, T sample, Func<T, StoredRecord> write, Func<StoredRecord, T> read)
        where T : class => new(name, sample, state => write((T)state), read);

    public JsonObject Json(object state) => JsonNode.Parse(Write(state).State)?.AsObject() ?? [];

    public object ReadFrom(JsonObject json) => Read(Write(Sample) with { State = json.ToJsonString() });

    public override string ToString() => Name;

    /// <summary>Every member of a JSON text, as the names that lead to it.</summary>
    public static IEnumerable<string[]> MembersOf(JsonNode? node) => node is JsonObject members
        ? members.SelectMany(member => MembersOf(member.Value)
            .Select(rest => (string[])[member.Key, .. rest]).Prepend([member.Key]))
        : [];

    /// <summary>What is null, or no array, although its type says that it is there.</summary>
    public static IEnumerable<string> Missing(object? value, string path = "")
    {
        if (value is null || value.GetType().Namespace?.StartsWith("TokenActors", StringComparison.Ordinal) != true
            || value.GetType().IsEnum)
        {
            yield break;
        }

        foreach (var property in StoredPropertiesOf(value.GetType()))
        {
            var (at, held) = ($"{path}.{property.Name}", property.GetValue(value));
            if (held is null)
            {
                if (new NullabilityInfoContext().Create(property).ReadState == NullabilityState.NotNull)
                {
                    yield return at;
                }
            }
            else if (IsUnset(held))
            {
                yield return at;
            }
            else
            {
                foreach (var deeper in Missing(held, at))
                {
                    yield return deeper;
                }
            }
        }
    }

    /// <summary>Fields that have the value that they would have if nobody had set them.</summary>
    public static IEnumerable<string> Untold(object value) => StoredPropertiesOf(value.GetType())
        .Where(property => IsEmpty(property.GetValue(value))).Select(property => property.Name);

    private static IEnumerable<PropertyInfo> StoredPropertiesOf(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.SetMethod is not null && property.GetIndexParameters().Length == 0);

    private static bool IsUnset(object held) =>
        held.GetType() is { IsValueType: true } type && type.GetProperty("IsDefault") is { } unset
        && (bool?)unset.GetValue(held) == true;

    private static bool IsEmpty(object? held) => held switch
    {
        null or "" or false or 0 or 0L => true,
        _ when IsUnset(held) => true,
        ICollection { Count: 0 } => true,
        _ => held.GetType().IsValueType && held.Equals(Activator.CreateInstance(held.GetType())),
    };
}
