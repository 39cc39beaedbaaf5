using System.Text.Json;
using System.Text.Json.Nodes;

namespace TokenActors.Grains.Tests.StoredRows;

/// <summary>
/// Rows of every kind, as an earlier program wrote them, which did not know the fields of later ones, and as a later
/// one writes them.
/// </summary>
public sealed class EarlierRowTests
{
    public static TheoryData<string> Kinds => [.. RowSamples.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_field_of_a_row_is_written_and_read_again(string name)
    {
        var kind = RowSamples.Named(name);
        Assert.Equal(RowSamples.NeverSet.GetValueOrDefault(name, []), RowKind.Untold(kind.Sample));
        var row = kind.Write(kind.Sample);
        var read = kind.Read(row);
        Assert.Equal(row, kind.Write(read));
        Assert.Equal(RowKind.Untold(kind.Sample), RowKind.Untold(read));
        Assert.Empty(RowKind.Missing(read));
    }

    /// <summary>A field that is not there is one that the program did not know, or the row is none of the kind; it is
    /// never a row that is read and fails later.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_row_without_a_field_is_read_with_its_default_or_refused(string name)
    {
        var kind = RowSamples.Named(name);
        List<string> faults = [];
        foreach (var (member, _) in kind.Json(kind.Sample))
        {
            var json = kind.Json(kind.Sample);
            json.Remove(member);
            faults.AddRange(FaultsOf(kind, json).Select(fault => $"without {member}: {fault}"));
        }

        Assert.Empty(faults);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fields_of_a_later_program_are_passed_over(string name)
    {
        var kind = RowSamples.Named(name);
        var json = kind.Json(kind.Sample);
        foreach (var member in RowKind.MembersOf(kind.Json(kind.Sample)).Where(member => member.Length < 3))
        {
            if (member.Aggregate((JsonNode?)json, (node, part) => node?[part]) is JsonObject inner)
            {
                inner["of_a_later_program"] = new JsonObject { ["a"] = new JsonArray(1, "b") };
            }
        }

        json["of_a_later_program"] = 1;
        Assert.Equal(kind.Write(kind.Sample), kind.Write(kind.ReadFrom(json)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_no_row_of_the_kind_is_refused(string name)
    {
        var kind = RowSamples.Named(name);
        var row = kind.Write(kind.Sample);
        Assert.All(
            (string[])["null", "{}", "[]", "", "1", row.State[..^1], row.State + "}"],
            state => Assert.ThrowsAny<JsonException>(() => kind.Read(row with { State = state })));
    }

    private static IEnumerable<string> FaultsOf(RowKind kind, JsonObject json)
    {
        object read;
        try
        {
            read = kind.ReadFrom(json);
        }
        catch (JsonException)
        {
            return [];
        }
        catch (Exception e)
        {
            return [$"{e.GetType().Name}: {e.Message}"];
        }

        return RowKind.Missing(read).Select(missing => $"{missing} is missing").Concat(FaultsOfWriting(kind, read));
    }

    private static IEnumerable<string> FaultsOfWriting(RowKind kind, object read)
    {
        try
        {
            kind.Write(read);
            return [];
        }
        catch (Exception e)
        {
            return [$"cannot be written: {e.GetType().Name}: {e.Message}"];
        }
    }
}
