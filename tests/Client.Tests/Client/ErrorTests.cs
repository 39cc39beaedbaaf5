using System.Net;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using static TokenActors.Client.Tests.Client.WireHandler;

namespace TokenActors.Client.Tests.Client;

/// <summary>Whatever a service or a proxy answers: the client says it by one of its own exceptions.</summary>
public sealed class ErrorTests
{
    private static async Task<TokenActorsException> Refused(Func<HttpResponseMessage> answer)
    {
        using var handler = new WireHandler(answer);
        return await Assert.ThrowsAnyAsync<TokenActorsException>(
            () => handler.Client(options => options.Retries = 0).Tokens.Get("01a219b4-3ff3-7541-abb9-bc3a20e1ce99"));
    }

    /// <summary>Problem details (RFC 9457) of the Lifecycle API, and the Management API's own.</summary>
    [Theory]
    [InlineData(404, """{"type":"urn:tokenactors:problem:not-found","title":"Not found","status":404,"detail":"There is no such token."}""", "not-found", "There is no such token.")]
    [InlineData(403, """{"type":"urn:tokenactors:problem:beyond-grant","detail":"It is more than you may do."}""", "beyond-grant", "It is more than you may do.")]
    [InlineData(409, """{"type":"about:blank","detail":"d"}""", "blank", "d")]
    [InlineData(400, """{"type":"plain","message":"m","detail":"d"}""", "plain", "m d")]
    [InlineData(400, """{"detail":""}""", "http-400", "The service answered 400.")]
    [InlineData(401, "", "http-401", "The service answered 401.")]
    [InlineData(500, "<html>oops</html>", "http-500", "The service answered 500.")]
    [InlineData(502, "Bad Gateway", "http-502", "The service answered 502.")]
    [InlineData(418, "[1,2]", "http-418", "The service answered 418.")]
    [InlineData(418, "\"text\"", "http-418", "The service answered 418.")]
    [InlineData(418, "null", "http-418", "The service answered 418.")]
    [InlineData(400, """{"type":5,"detail":{"a":1},"errors":"none","cause":7}""", "http-400", "The service answered 400.")]
    [InlineData(400, """{"detail":"d","errors":[1,"x",null]}""", "http-400", "d")]
    [InlineData(400, """{"detail":"one","detail":"two"}""", "http-400", "The service answered 400.")]
    [InlineData(304, "", "http-304", "The service answered 304.")]
    public async Task An_answer_that_is_no_success_says_what_it_is(int status, string body, string code, string detail)
    {
        var refused = await Refused(Answer(status, body));
        Assert.Equal((code, detail, (HttpStatusCode?)status), (refused.Code, refused.Detail, refused.Status));
        Assert.IsType<CallFailedException>(refused);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_with_its_places()
    {
        var refused = await Refused(Answer(400, """
            {"type":"urn:tokenactors:problem:invalid-request","detail":"Something is wrong.","instance":"/requests/7","errors":[
              {"detail":"is too long","pointer":"/labels/3"},{"detail":"is no number","parameter":"limit"},{"pointer":"/x"}]}
            """));
        Assert.Equal("/requests/7", refused.Instance);
        Assert.Equal(
            [new("is too long", "/labels/3", null), new("is no number", null, "limit"), new("", "/x", null)], refused.Errors);

        var other = await Refused(Answer(400, """
            {"message":"Something is wrong.","cause":[
              {"message":"is too long","context":{"parameter":{"id":"/name","location":"body"}}},
              {"message":"is unknown","context":{"parameter":{"id":"filter","location":"query"}}},
              {"message":"alone"},{"context":{"parameter":"text"}}]}
            """));
        Assert.Equal(
            [new("is too long", "/name", null), new("is unknown", null, "filter"), new("alone", null, null), new("", null, null)],
            other.Errors);
    }

    /// <summary>Bytes that are no UTF-8, as of a proxy that speaks Latin-1, are no reason to fail in another
    /// way.</summary>
    [Fact]
    public async Task A_body_that_is_no_utf_8_is_an_answer_too()
    {
        var refused = await Refused(Answer(403, [.. "{\"detail\":\"caf"u8, 0xe9, .. "\"}"u8]));
        Assert.Equal((HttpStatusCode.Forbidden, "http-403"), (refused.Status, refused.Code));
    }

    [Fact]
    public void Any_body_is_an_answer() => Gen.Select(
        Gen.OneOf(
            Gen.Byte.Array[0, 40].Select(bytes => bytes),
            Gen.String[Gen.Char["{}[]\",:\\u0dx1etail"], 0, 40].Select(Encoding.UTF8.GetBytes),
            Gen.String[Gen.Char["\\ud8019\"a"], 0, 20].Select(
                text => Encoding.UTF8.GetBytes($"{{\"detail\":\"{text}\",\"type\":\"{text}\"}}"))),
        Gen.Int[400, 599]).HoldsForAll(
        3_000,
        drawn =>
        {
            var refused = Http.Problems.Of(new((HttpStatusCode)drawn.Item2, drawn.Item1, null, null, null));
            Assert.NotEmpty(refused.Detail);
            Assert.NotNull(refused.Code);
            Assert.NotNull(refused.Errors);
        },
        drawn => Convert.ToHexString(drawn.Item1));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("{\"id\":5}")]
    public async Task A_success_that_cannot_be_read_is_a_failure_with_the_call(string body)
    {
        var refused = await Refused(Answer(200, body));
        Assert.Equal((HttpStatusCode.OK, "http-200"), (refused.Status, refused.Code));
        Assert.Contains("GET /lifecycle/v1/tokens/", refused.Detail, StringComparison.Ordinal);
    }

    /// <summary>RFC 9110 10.2.3: seconds, or a date.</summary>
    [Theory]
    [InlineData("120", 120)]
    [InlineData("0", 0)]
    [InlineData("Tue, 01 Jan 2030 00:01:00 GMT", 60)]
    [InlineData("Mon, 31 Dec 2029 23:59:00 GMT", null)]
    [InlineData("soon", null)]
    public async Task How_long_to_wait_is_told_in_both_forms(string header, int? seconds)
    {
        using var handler = new WireHandler(() =>
        {
            var answer = Answer(429)();
            answer.Headers.TryAddWithoutValidation("Retry-After", header);
            return answer;
        });
        var refused = await Assert.ThrowsAsync<CallFailedException>(() => handler.Client(options =>
        {
            options.Retries = 0;
            options.Time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        }).Tokens.List().Page());
        Assert.Equal(seconds, (int?)refused.RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError)]
    [InlineData(HttpRequestError.ConnectionError)]
    [InlineData(HttpRequestError.SecureConnectionError)]
    [InlineData(HttpRequestError.ResponseEnded)]
    public async Task A_read_that_is_not_answered_is_unreachable(HttpRequestError error)
    {
        var refused = await Refused(Lost(error));
        Assert.Equal(("unreachable", (HttpStatusCode?)null), (refused.Code, refused.Status));
    }
}
