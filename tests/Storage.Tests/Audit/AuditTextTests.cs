using TokenActors.Storage.Audit;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Audit;

/// <summary>Anchors as they are kept outside the database, and codes of rows.</summary>
public sealed class AuditTextTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("1:ab", 1)]
    [InlineData("9223372036854775807:0123456789abcdef", long.MaxValue)]
    public void An_anchor_is_read_as_it_is_written(string text, long link)
    {
        Assert.True(AuditAnchor.TryParse(text, out var anchor));
        Assert.Equal(link, anchor.Link);
        Assert.Equal(text, anchor.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("1")]
    [InlineData("1:")]
    [InlineData(":ab")]
    [InlineData("0:ab")]
    [InlineData("-1:ab")]
    [InlineData("+1:ab")]
    [InlineData(" 1:ab")]
    [InlineData("1 :ab")]
    [InlineData("1:AB")]
    [InlineData("1:ab ")]
    [InlineData("1:ab\n")]
    [InlineData("1:a:b")]
    [InlineData("1:xy")]
    [InlineData("9223372036854775808:ab")]
    [InlineData("1.0:ab")]
    [InlineData("\u0661:ab")]
    public void What_is_no_anchor_is_none(string text)
    {
        Assert.False(AuditAnchor.TryParse(text, out var anchor));
        Assert.Equal("", anchor.Code);
    }

    /// <summary>Each row is told by its number: the first that is missing, changed, or put in.</summary>
    [Fact]
    public void The_first_difference_between_codes_is_told()
    {
        var linked = Codes(2, 3, 5);
        Assert.Null(RowCodes.Difference(linked, Codes(2, 3, 5)));
        Assert.Null(RowCodes.Difference([], []));
        Assert.Equal("row 2 is missing", RowCodes.Difference(linked, Codes(3, 5)));
        Assert.Equal("row 5 is missing", RowCodes.Difference(linked, Codes(2, 3)));
        Assert.Equal("row 2 is missing", RowCodes.Difference(linked, []));
        Assert.Equal("row 1 was put in later", RowCodes.Difference(linked, Codes(1, 2, 3, 5)));
        Assert.Equal("row 4 was put in later", RowCodes.Difference(linked, Codes(2, 3, 4, 5)));
        Assert.Equal("row 6 was put in later", RowCodes.Difference(linked, Codes(2, 3, 5, 6)));
        Assert.Equal("row 2 was put in later", RowCodes.Difference([], Codes(2)));
        byte[] changed = [.. linked];
        changed[^1] ^= 1;
        Assert.Equal("row 5 was changed", RowCodes.Difference(linked, changed));
    }

    [Fact]
    public void Codes_are_found_by_the_numbers_of_their_rows()
    {
        var codes = Codes(2, 3, 5);
        Assert.Equal(5, RowCodes.LastNumber(codes));
        Assert.Null(RowCodes.LastNumber([]));
        Assert.Null(RowCodes.LastNumber(codes[..^1]));
        Assert.Equal([3L, 5L], RowCodes.Found(codes, [1, 3, 4, 5, 9]).Select(found => found.Number));
        Assert.Empty(RowCodes.Found(codes, []));
        Assert.Equal(RowCodes.Of(Key, 3, Entry("t3", 1)), RowCodes.Found(codes, [3]).Single().Code);
    }

    /// <summary>A text that moves from one field to the next is another row, and so is one that is empty.</summary>
    [Fact]
    public void No_two_rows_have_one_code()
    {
        var row = Entry("t", 1) with { Method = "GET", Path = "/a", Code = null, AccountId = "x" };
        var others = new[]
        {
            row with { Method = "GE", Path = "T/a" }, row with { Code = "" }, row with { Method = null },
            row with { Method = "" }, row with { AccountId = null, IntegrationId = "x" },
            row with { AccountId = "xx" }, row with { At = row.At.AddTicks(1) }, row with { SubjectVersion = 2 },
            row with { At = row.At.ToOffset(TimeSpan.FromHours(2)), Outcome = "other" },
        };
        var codes = others.Append(row).Select(one => RowCodes.Of(Key, 7, one)).ToList();
        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.NotEqual(RowCodes.Of(Key, 7, row), RowCodes.Of(Key, 8, row));
        Assert.NotEqual(RowCodes.Of(Key, 7, row), RowCodes.Of([.. Key.Reverse()], 7, row));

        // The same instant, told in another zone, is the same row.
        Assert.Equal(
            RowCodes.Of(Key, 7, row), RowCodes.Of(Key, 7, row with { At = row.At.ToOffset(TimeSpan.FromHours(2)) }));
    }

    private static byte[] Codes(params int[] numbers) =>
        RowCodes.Of(Key, [.. numbers.Select(number => ((long)number, Entry($"t{number}", 1)))]);
}
