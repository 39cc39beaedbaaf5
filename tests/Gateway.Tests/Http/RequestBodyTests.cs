using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Tests.Http;

public sealed class RequestBodyTests
{
    private static RequestError? Problem(byte[] body) =>
        RequestBody.TryParseAny(body, out _, out var error) ? null : error;

    private static byte[] With(byte strange, string before, string after) =>
        [.. Encoding.UTF8.GetBytes(before), strange, .. Encoding.UTF8.GetBytes(after)];

    private static Task<byte[]> Read(Stream body, long? length) =>
        RequestBody.ReadBytes(new DefaultHttpContext { Request = { Body = body, ContentLength = length } });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64 * 1024)]
    [InlineData((64 * 1024) + 1)]
    [InlineData(1_000_000)]
    public async Task A_body_is_read_whole_whether_its_length_is_said_or_not(int length)
    {
        var sent = RandomNumberGenerator.GetBytes(length);
        Assert.Equal(sent, await Read(new MemoryStream(sent), length));
        Assert.Equal(sent, await Read(new MemoryStream(sent), length: null));
    }

    [Fact]
    public async Task A_body_that_ends_early_is_what_there_is_of_it() =>
        Assert.Equal([1, 2], await Read(new MemoryStream([1, 2]), length: 3));

    [Fact]
    public async Task A_large_body_takes_memory_once()
    {
        var sent = new byte[16 * 1024 * 1024];
        await Read(new MemoryStream(sent), length: null);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = Read(new MemoryStream(sent), length: null);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(
            read.IsCompletedSuccessfully,
            "what is in memory is read without another thread, whose memory is not counted");
        Assert.Equal(sent.Length, (await read).Length);
        Assert.InRange(allocated, sent.Length, sent.Length * 5 / 2);
    }

    [Theory]
    [InlineData("{\"a\":\"", "\"}")]
    [InlineData("{\"", "\":1}")]
    [InlineData("[{\"a\":{\"", "\":1}}]")]
    [InlineData("", "")]
    public void A_byte_that_is_not_utf_8_is_refused_wherever_it_stands(string before, string after)
    {
        foreach (var strange in new byte[] { 0xFF, 0xC0, 0x80, 0xED })
        {
            Assert.Equal("is not valid UTF-8", Problem(With(strange, before, after))?.Message);
        }
    }

    [Fact]
    public void A_mark_of_byte_order_is_read_over()
    {
        Assert.True(RequestBody.TryParse([0xEF, 0xBB, 0xBF, .. "{\"a\":1}"u8], out var fields, out _));
        Assert.Equal(1, fields.Number("a"));
        Assert.True(RequestBody.TryParse([0xEF, 0xBB, 0xBF], out _, out _));
        Assert.True(RequestBody.TryParse([], out _, out _));
    }

    [Theory]
    [InlineData("""{"a":1,"a":1}""", "/a")]
    [InlineData("""{"a":{"b":1,"b":2}}""", "/a/b")]
    [InlineData("""{"a":[{"b":1},{"c~d/e":1,"c~d/e":2}]}""", "/a/1/c~0d~1e")]
    [InlineData("""{"a":1,"\u0061":2}""", "/a")]
    public void A_field_that_is_given_twice_is_named(string json, string pointer)
    {
        var problem = Problem(Encoding.UTF8.GetBytes(json));
        Assert.Equal((pointer, "is given twice"), (problem?.Id, problem?.Message));
    }

    [Fact]
    public void A_name_that_is_half_a_character_is_refused() =>
        Assert.Equal("has a field whose name is no text", Problem("""{"\ud800":1}"""u8.ToArray())?.Message);

    [Theory]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("nothing")]
    public void What_is_no_json_is_refused_with_its_place(string text) =>
        Assert.StartsWith("is not valid JSON (line ", Problem(Encoding.UTF8.GetBytes(text))?.Message);
}
