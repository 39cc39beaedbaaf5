using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;
using TokenActors.Client.Tests.Client;
using static TokenActors.Client.Tests.Client.WireHandler;

namespace TokenActors.Client.Tests.Cli;

/// <summary>Every exception as one line for the person and a number for the script, as the guide lists them.</summary>
public sealed class FailureTests
{
    private static async Task<Exception> Of(int status, string body = """{"type":"urn:tokenactors:problem:some-code","detail":"Words."}""")
    {
        using var handler = new WireHandler(Answer(status, body));
        return await Assert.ThrowsAnyAsync<TokenActorsException>(
            () => handler.Client(options => options.Retries = 0).Tokens.Get("01a219b4-3ff3-7541-abb9-bc3a20e1ce99"));
    }

    [Theory]
    [InlineData(400, 5, "Words. (some-code)")]
    [InlineData(401, 4, "Words. (some-code) Sign in with: ta auth login")]
    [InlineData(402, 5, "Words. (some-code)")]
    [InlineData(403, 5, "Words. (some-code) Ask for a token that may do it: ta token can")]
    [InlineData(404, 3, "Words. (some-code)")]
    [InlineData(409, 5, "Words. (some-code)")]
    [InlineData(412, 5, "Words. (some-code) Somebody changed it meanwhile: look again.")]
    [InlineData(413, 5, "Words. (some-code)")]
    [InlineData(428, 5, "Words. (some-code)")]
    [InlineData(429, 5, "Words. (some-code)")]
    [InlineData(500, 1, "Words. (some-code)")]
    [InlineData(503, 1, "Words. (some-code)")]
    public async Task A_refusal_is_its_words_its_code_and_what_to_do(int status, int code, string line) =>
        Assert.Equal(((ExitCode)code, line), Failures.Of(await Of(status)));

    [Fact]
    public async Task What_is_wrong_is_told_once_and_with_its_place()
    {
        var (_, line) = Failures.Of(await Of(400, """
            {"type":"x:bad","detail":"The life is too long.","errors":[{"detail":"The life is too long.","pointer":"/life"},
            {"detail":"is no label","pointer":"/labels/1"},{"detail":"is no number","parameter":"limit"}]}
            """));
        Assert.Equal("The life is too long.; /labels/1: is no label; limit: is no number (bad)", line);
    }

    [Fact]
    public async Task How_long_to_wait_is_said_where_the_service_says_it()
    {
        using var handler = new WireHandler(() =>
        {
            var answer = Answer(429, """{"detail":"Slower."}""")();
            answer.Headers.TryAddWithoutValidation("Retry-After", "90");
            return answer;
        });
        var slow = await Assert.ThrowsAsync<CallFailedException>(
            () => handler.Client(options => options.Retries = 0).Tokens.List().Page());
        Assert.Equal((ExitCode.Refused, "Slower. (http-429) Try again in 90 s."), Failures.Of(slow));
    }

    [Fact]
    public async Task Where_nobody_is_reached_the_url_is_asked_for()
    {
        using var handler = new WireHandler(Lost(HttpRequestError.ConnectionError));
        var lost = await Assert.ThrowsAsync<CallFailedException>(
            () => handler.Client(options => options.Retries = 0).Tokens.List().Page());
        var (code, line) = Failures.Of(lost);
        Assert.Equal(ExitCode.Failed, code);
        Assert.EndsWith(
            "(unreachable) Check the URL: --url, TOKENACTORS_URL or ta auth login --url", line,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_knows_tells_the_key_or_to_look_first()
    {
        using var handler = new WireHandler(Answer(503));
        var client = handler.Client(options => options.Retries = 0);
        var keyed = await Assert.ThrowsAsync<OutcomeUnknownException>(
            () => client.Tokens.Reset("01a219b4-3ff3-7541-abb9-bc3a20e1ce99").Send("my-key"));
        var (code, line) = Failures.Of(keyed);
        Assert.Equal(ExitCode.OutcomeUnknown, code);
        Assert.EndsWith("Repeat it, it is done once: --idempotency-key my-key", line, StringComparison.Ordinal);

        var bare = await Assert.ThrowsAsync<OutcomeUnknownException>(
            () => client.Accounts.Patch("a", new JsonPatch().Remove("/labels")).Send());
        Assert.Equal(ExitCode.OutcomeUnknown, Failures.Of(bare).Code);
        Assert.EndsWith("Look before you repeat it.", Failures.Of(bare).Line, StringComparison.Ordinal);
    }

    [Fact]
    public void What_means_something_else_later_is_repeated_as_what_it_meant() =>
        Assert.Equal(
            "Repeat it, with the-id in place of the name and a time in place of 7d, it is done once: --idempotency-key k",
            Failures.RepeatUnder("k", new Dictionary<string, string> { ["the name"] = "the-id", ["7d"] = "a time" }));

    public static TheoryData<Exception, int, string> Others => new()
    {
        { CliException.Usage("Say which."), 2, "Say which." },
        { new CliException(ExitCode.NotSignedIn, "Sign in."), 4, "Sign in." },
        { new ArgumentException("'' names nothing.", "text"), 2, "'' names nothing." },
        { new ArgumentException("Words alone."), 2, "Words alone." },
        { new FileNotFoundException("There is no such file."), 1, "There is no such file." },
        { new UnauthorizedAccessException("Access denied."), 1, "Access denied." },
        { new InvalidOperationException("Oh."), 1, "That is a bug of ta: InvalidOperationException: Oh." },
        { new ArgumentNullException("x"), 1, "That is a bug of ta: ArgumentNullException: Value cannot be null. (Parameter 'x')" },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Any_other_exception_has_its_number(Exception exception, int code, string line) =>
        Assert.Equal(((ExitCode)code, line), Failures.Of(exception));

    /// <summary>The numbers are the guide's: scripts read them.</summary>
    [Fact]
    public void Exit_codes_are_those_of_the_guide() => Assert.Equal(
        "Done 0, Failed 1, Usage 2, NotFound 3, NotSignedIn 4, Refused 5, OutcomeUnknown 6, Partly 7, Interrupted 130",
        string.Join(", ", Enum.GetValues<ExitCode>().Select(code => $"{code} {(int)code}")));

    [Theory]
    [InlineData("There is no token {0}.", "There is no token ta_org_…")]
    [InlineData("{0}", "ta_org_…")]
    [InlineData("'{0}' and '{0}'", "'ta_org_…")]
    public void A_secret_in_a_line_is_masked(string format, string beginning)
    {
        var secret = $"ta_org_{new string('a', 67)}w7SZ";
        var masked = Failures.Masked(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, secret));
        Assert.StartsWith(beginning, masked, StringComparison.Ordinal);
        Assert.Contains("w7SZ", masked, StringComparison.Ordinal);
        Assert.DoesNotContain("aaaa", masked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS+/w==")]
    public void So_is_the_secret_of_a_webhook(string secret) =>
        Assert.DoesNotContain(
            secret[10..^4], Failures.Masked($"The secret {secret} is wrong."), StringComparison.Ordinal);

    [Theory]
    [InlineData("There is no token nightly-build.")]
    [InlineData("01a219b4-3ff3-7541-abb9-bc3a20e1ce99")]
    [InlineData("ta_org_short")]
    [InlineData("whsec_short")]
    public void Anything_else_stays_as_it_is(string line) => Assert.Equal(line, Failures.Masked(line));
}
