using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Storage.Tests.Audit;

/// <summary>A trail in a file: every change of it is found, and named by its line.</summary>
public sealed class ExportedTrailTests
{
    private const string NotAsExported = "is not a row as it was exported.";
    private const string WrongField = "has a field that was not exported, or one twice.";
    private const string OutOfOrder = "does not come after the line before it.";

    private static readonly PepperRing Ring = new([new Pepper("p", RandomNumberGenerator.GetBytes(32))]);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_whole_trail_is_proved()
    {
        var (trail, problem) = Read(Row(1), Row(2), Row(3));
        Assert.Null(problem);
        Assert.Equal((3L, 0L, null), (trail.Proved, trail.Unproved, trail.FirstUnproved));
        Assert.Null(trail.End());
    }

    [Fact]
    public void An_empty_trail_has_nothing_wrong()
    {
        ExportedTrail trail = new(new AuditProof(Ring));
        Assert.Null(trail.End());
        Assert.Equal((0L, 0L), (trail.Proved, trail.Unproved));
    }

    public static TheoryData<string> Fields => ["number", "at", .. TextFields, "subject_version"];

    private static string[] TextFields =>
    [
        "organization_id", "event", "subject_kind", "subject_id", "outcome", "command_id", "token_id", "member_id",
        "address", "user_agent", "method", "path", "status", "account_id", "integration_id",
    ];

    /// <summary>The code covers every field that is exported.</summary>
    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_that_was_changed_or_taken_out_is_found(string field)
    {
        var changed = Row(2);
        changed[field] = field switch
        {
            "number" => 3,
            "at" => Start.AddHours(2).AddTicks(10).ToString("O"),
            "subject_version" => 9,
            _ => "another",
        };
        Assert.Equal($"Line 2 {NotAsExported}", Read(Row(1), changed).Problem);

        var less = Row(2);
        less.Remove(field);
        Assert.Equal($"Line 2 {NotAsExported}", Read(Row(1), less).Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("1")]
    [InlineData("{\"number\":1")]
    [InlineData("{\"number\":\"1\"}")]
    public void A_line_that_is_no_row_is_named(string line)
    {
        ExportedTrail trail = new(new AuditProof(Ring));
        Assert.Null(trail.Read(Row(1).ToJsonString()));
        Assert.Equal($"Line 2 {NotAsExported}", trail.Read(line));
    }

    /// <summary>Readers differ in which of two fields of one name they take.</summary>
    [Fact]
    public void A_field_twice_or_a_field_more_is_found_wherever_it_stands()
    {
        var row = Row(1).ToJsonString();
        var code = Row(1)["chain"]?["code"]?.GetValue<string>();
        string[] lines =
        [
            row.Replace("\"event\":", "\"event\":\"token.purged\",\"event\":", StringComparison.Ordinal),
            row.Replace("\"event\":", "\"note\":\"x\",\"event\":", StringComparison.Ordinal),
            row.Replace("\"link\":", "\"note\":1,\"link\":", StringComparison.Ordinal),
            row.Replace("\"link\":", "\"link\":7,\"link\":", StringComparison.Ordinal),
            row.Replace("\"link\":", "\"code\":\"00\",\"link\":", StringComparison.Ordinal),
        ];
        Assert.NotNull(code);
        foreach (var line in lines)
        {
            Assert.NotEqual(row, line);
            Assert.Equal($"Line 1 {WrongField}", new ExportedTrail(new AuditProof(Ring)).Read(line));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("é")]
    public void A_code_that_is_none_is_found(string code)
    {
        var row = Row(1);
        row["chain"] = new JsonObject { ["link"] = 1, ["code"] = code };
        Assert.Equal($"Line 1 {NotAsExported}", Read(row).Problem);
        row["chain"] = new JsonObject { ["link"] = 1 };
        Assert.Equal($"Line 1 {NotAsExported}", Read(row).Problem);
        row["chain"] = code;
        Assert.Equal($"Line 1 {NotAsExported}", Read(row).Problem);
    }

    [Fact]
    public void A_code_of_another_row_or_under_another_pepper_proves_nothing()
    {
        var row = Row(1);
        row["chain"] = Row(2)["chain"]?.DeepClone();
        Assert.Equal($"Line 1 {NotAsExported}", Read(row).Problem);
        PepperRing other = new([new Pepper("p", RandomNumberGenerator.GetBytes(32))]);
        Assert.Equal($"Line 1 {NotAsExported}", new ExportedTrail(new AuditProof(other)).Read(Row(1).ToJsonString()));

        // A pepper that was in use before proves what was linked under it.
        PepperRing rotated = new([new Pepper("q", RandomNumberGenerator.GetBytes(32)), Old]);
        var old = Row(1, key: new PepperRing([Old]).CurrentChainKey());
        Assert.Null(new ExportedTrail(new AuditProof(rotated)).Read(old.ToJsonString()));
    }

    [Fact]
    public void A_row_twice_or_out_of_its_order_is_found()
    {
        Assert.Equal($"Line 2 {OutOfOrder}", Read(Row(1), Row(1)).Problem);
        Assert.Equal($"Line 2 {OutOfOrder}", Read(Row(2), Row(1)).Problem);
        Assert.Equal($"Line 3 {OutOfOrder}", Read(Row(1), Row(3), Row(2)).Problem);

        // Rows of one instant come by their numbers, and a later number may be of an earlier time.
        Assert.Null(Read(Row(1, Start), Row(2, Start)).Problem);
        Assert.Equal($"Line 2 {OutOfOrder}", Read(Row(2, Start), Row(1, Start)).Problem);
        Assert.Null(Read(Row(9, Start), Row(2, Start.AddSeconds(1))).Problem);
    }

    [Fact]
    public void Rows_without_a_code_are_counted_and_may_be_the_last_only()
    {
        var (trail, problem) = Read(Row(1), Without(Row(2)), Without(Row(3)));
        Assert.Null(problem);
        Assert.Equal((1L, 2L, 2L), (trail.Proved, trail.Unproved, trail.FirstUnproved));
        Assert.Null(trail.End());

        (trail, problem) = Read(Without(Row(1)), Row(2));
        Assert.Null(problem);
        Assert.StartsWith("Line 1 has no code, and rows with later numbers have", trail.End(), StringComparison.Ordinal);

        // By numbers, whatever the order of the lines is.
        (trail, _) = Read(Without(Row(9, Start)), Row(2, Start.AddSeconds(1)));
        Assert.Null(trail.End());
        (trail, _) = Read(Without(Row(9, Start)), Without(Row(4, Start.AddSeconds(1))), Row(5, Start.AddSeconds(2)));
        Assert.StartsWith("Line 2 has no code", trail.End(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1:ab", true)]
    [InlineData("12:ab34", true)]
    [InlineData("9223372036854775807:0", true)]
    [InlineData("9223372036854775808:0", false)]
    [InlineData("0:ab", false)]
    [InlineData("-1:ab", false)]
    [InlineData("+1:ab", false)]
    [InlineData(" 1:ab", false)]
    [InlineData("1:", false)]
    [InlineData(":ab", false)]
    [InlineData("1", false)]
    [InlineData("", false)]
    [InlineData("1:AB", false)]
    [InlineData("1:ab:cd", false)]
    [InlineData("1:ab ", false)]
    [InlineData("1,000:ab", false)]
    public void An_anchor_is_read_as_it_is_printed_and_nothing_else_is_one(string text, bool isOne)
    {
        Assert.Equal(isOne, AuditAnchor.TryParse(text, out var anchor));
        if (isOne)
        {
            Assert.Equal(text, anchor.ToString());
        }
    }

    private static Pepper Old { get; } = new("old", RandomNumberGenerator.GetBytes(32));

    private static (ExportedTrail Trail, string? Problem) Read(params JsonObject[] rows)
    {
        ExportedTrail trail = new(new AuditProof(Ring));
        return (trail, rows.Select(row => trail.Read(row.ToJsonString())).FirstOrDefault(problem => problem is not null));
    }

    private static JsonObject Without(JsonObject row)
    {
        row.Remove("chain");
        return row;
    }

    private static JsonObject Row(long number, DateTimeOffset? at = null, byte[]? key = null)
    {
        var entry = new AuditEntry
        {
            OrganizationId = "o1", At = at ?? Start.AddHours(number), Event = "token.issued", Subject = new RecordKey("token", "t1"),
            SubjectVersion = 1, CommandId = "c1", ActorTokenId = "t0", ActorMemberId = "m0", RemoteAddress = "10.0.0.1", UserAgent = "agent",
            Method = "POST", Path = "/x", Outcome = "done", Code = "201", AccountId = "a1", IntegrationId = "i1",
        };
        return new JsonObject
        {
            ["number"] = number, ["at"] = JsonSerializer.SerializeToNode(entry.At), ["organization_id"] = entry.OrganizationId,
            ["event"] = entry.Event, ["subject_kind"] = entry.Subject.Kind, ["subject_id"] = entry.Subject.Id,
            ["subject_version"] = entry.SubjectVersion, ["outcome"] = entry.Outcome, ["command_id"] = entry.CommandId,
            ["token_id"] = entry.ActorTokenId, ["member_id"] = entry.ActorMemberId, ["address"] = entry.RemoteAddress,
            ["user_agent"] = entry.UserAgent, ["method"] = entry.Method, ["path"] = entry.Path, ["status"] = entry.Code,
            ["account_id"] = entry.AccountId, ["integration_id"] = entry.IntegrationId,
            ["chain"] = new JsonObject
            {
                ["link"] = 1, ["code"] = RowCodes.Of(key ?? Ring.CurrentChainKey(), number, entry),
            },
        };
    }
}
