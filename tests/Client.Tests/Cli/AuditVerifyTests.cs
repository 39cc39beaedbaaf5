using System.Text.Json.Nodes;
using TokenActors.Cli;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;
using TokenActors.Client.Tests.Client;

namespace TokenActors.Client.Tests.Cli;

/// <summary><c>ta audit verify</c>: an export of before beside what the service tells now.</summary>
public sealed class AuditVerifyTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Rows_that_are_told_again_are_the_same_also_once_they_are_linked() =>
        Assert.Equal(
            (0, "2 rows were compared, 0 differ.\n"),
            await Verify([Row(1), Row(2)], [Row(1, isLinked: true), Row(2, isLinked: true), Row(3)]));

    [Fact]
    public async Task A_row_that_is_gone_and_one_that_says_something_else_are_named_by_their_lines()
    {
        var changed = Row(2);
        changed["address"] = "203.0.113.9";
        var (code, errors) = await Verify([Row(1), Row(2), Row(3)], [Row(1), changed]);
        Assert.Equal(1, code);
        Assert.Contains("line 2: row 2 is gone or says something else now", errors, StringComparison.Ordinal);
        Assert.Contains("line 3: row 3 is gone", errors, StringComparison.Ordinal);
        Assert.Contains("3 rows were compared, 2 differ.", errors, StringComparison.Ordinal);
    }

    /// <summary>Neither the file nor the trail is held in memory, so that both are read in their order.</summary>
    [Fact]
    public async Task Lines_out_of_order_are_no_export_and_rows_that_are_left_out_are_counted()
    {
        var (code, errors) = await Verify([Row(1), Row(3), Row(2)], [Row(1), Row(2), Row(3)]);
        Assert.Equal(1, code);
        Assert.Contains("line 3: row 2 stands behind a younger one", errors, StringComparison.Ordinal);
        (code, errors) = await Verify([Row(2), Row(5)], [.. Enumerable.Range(1, 9).Select(n => Row(n))]);
        Assert.Equal(1, code);
        Assert.StartsWith(
            "2 rows were compared, 0 differ.\n2 rows that the service tells between them are not in the file.", errors,
            StringComparison.Ordinal);

        // What is older than the file, and what came after it, was never in it.
        Assert.Equal(
            (0, "2 rows were compared, 0 differ.\n"),
            await Verify([Row(4), Row(5)], [.. Enumerable.Range(1, 9).Select(n => Row(n))]));
    }

    [Fact]
    public async Task A_row_twice_and_a_field_that_the_service_does_not_tell_are_named()
    {
        var added = Row(2);
        added["note"] = "approved";
        var (code, errors) = await Verify([Row(1), Row(1), added], [Row(1), Row(2)]);
        Assert.Equal(1, code);
        Assert.Contains("line 2: row 1 stands there twice", errors, StringComparison.Ordinal);
        Assert.Contains("line 3: row 2 is gone or says something else now", errors, StringComparison.Ordinal);
        Assert.Equal((0, "1 rows were compared, 0 differ.\n"), await Verify([Row(2)], [Row(1), added]));
    }

    private async Task<(int Code, string Errors)> Verify(JsonObject[] kept, JsonObject[] told)
    {
        await File.WriteAllLinesAsync(_file, kept.Select(row => row.ToJsonString()));
        using var handler = new CannedHandler(_ => string.Join('\n', told.Select(row => row.ToJsonString())));
        using var errors = new StringWriter { NewLine = "\n" };
        using var terminal = new Terminal(TextReader.Null, Stream.Null, errors, _ => null);
        var host = new CommandHost(terminal, _ => handler.Client(), TimeProvider.System);
        return (await CommandLine.Of(host).Parse(["audit", "verify", _file]).InvokeAsync(), errors.ToString());
    }

    private static JsonObject Row(long number, bool isLinked = false)
    {
        var row = new JsonObject
        {
            ["number"] = number, ["at"] = "2030-01-01T00:00:00Z", ["organization_id"] = "o", ["event"] = "token.issued",
            ["subject_kind"] = "token", ["subject_id"] = "t", ["subject_version"] = 1, ["outcome"] = "done", ["command_id"] = "c",
            ["cursor"] = $"c{number}{isLinked}",
        };
        if (isLinked)
        {
            row["chain"] = new JsonObject { ["link"] = 1, ["code"] = "abc" };
        }

        return row;
    }
}
