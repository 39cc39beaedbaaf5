using System.Net;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using TokenActors.AspNetCore;

namespace TokenActors.Gateway.Tests.AspNetCore;

/// <summary>
/// Whatever a service or a proxy before it answers: a resource server lets nobody in for it, and breaks in no other way
/// than by saying that the service does not say.
/// </summary>
public sealed class ServiceAnswerTests
{
    private static ServiceClient Client(int status, byte[] body) => new("s", new Factory(status, body), new Monitor());

    private static Task<IntrospectedToken> Introspect(int status, string body) =>
        Client(status, Encoding.UTF8.GetBytes(body)).Introspect("ta_org_secret", "192.0.2.1", CancellationToken.None);

    [Theory]
    [InlineData("""{"active":true,"jti":"t1","token_use":"access","exp":1893456000}""", true, "t1")]
    [InlineData("""{"active":true,"jti":"t1","token_use":"access"}""", true, "t1")]
    [InlineData("""{"active":true,"jti":"t1","token_use":"refresh"}""", false, "t1")]
    [InlineData("""{"active":true,"jti":"t1"}""", false, "t1")]
    [InlineData("""{"active":true,"token_use":"access"}""", true, null)]
    [InlineData("""{"active":false}""", false, null)]
    [InlineData("""{"active":false,"jti":"t1","token_use":"access"}""", false, null)]
    [InlineData("""{"active":"true","jti":"t1","token_use":"access"}""", false, null)]
    [InlineData("""{"active":1,"jti":"t1","token_use":"access"}""", false, null)]
    [InlineData("""{"jti":"t1","token_use":"access"}""", false, null)]
    [InlineData("{}", false, null)]
    public async Task Only_an_access_secret_that_is_said_to_be_active_opens(string body, bool opens, string? id)
    {
        var token = await Introspect(200, body);
        Assert.Equal((opens, id), (token.Opens, token.TokenId));
    }

    [Theory]
    [InlineData("""{"active":true,"jti":"t","cache":false}""", false)]
    [InlineData("""{"active":true,"jti":"t","cache":true}""", true)]
    [InlineData("""{"active":true,"jti":"t"}""", true)]
    public async Task What_counts_each_use_is_not_kept(string body, bool kept) =>
        Assert.Equal(kept, (await Introspect(200, body)).MayBeKept);

    /// <summary>What has more around it than a secret is 400 (RFC 6749 5.2), and is as inactive as what was never
    /// issued.</summary>
    [Fact]
    public async Task A_secret_that_cannot_be_one_is_inactive_and_no_outage()
    {
        Assert.False((await Introspect(400, """{"error":"invalid_request"}""")).Opens);
        await Assert.ThrowsAsync<ServiceUnreachableException>(() => Introspect(400, """{"error":"invalid_client"}"""));
        await Assert.ThrowsAsync<ServiceUnreachableException>(() => Introspect(400, "{}"));
        await Assert.ThrowsAsync<ServiceUnreachableException>(() => Introspect(400, """{"error":"invalid_request","active":true}"""));
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "<html>")]
    [InlineData(200, "null")]
    [InlineData(200, "[]")]
    [InlineData(200, "true")]
    [InlineData(200, "\"active\"")]
    [InlineData(200, """{"active":true""")]
    [InlineData(200, """{"active":true,"exp":"soon"}""")]
    [InlineData(200, """{"active":true,"exp":99999999999999999}""")]
    [InlineData(200, """{"active":true,"exp":-99999999999999999}""")]
    [InlineData(200, """{"active":true,"jti":"\ud800"}""")]
    [InlineData(400, "[]")]
    [InlineData(400, "<html>")]
    [InlineData(401, """{"active":true}""")]
    [InlineData(403, "")]
    [InlineData(302, "")]
    [InlineData(429, "")]
    [InlineData(500, """{"active":true}""")]
    [InlineData(503, "")]
    public async Task Anything_else_says_nothing_of_a_secret(int status, string body) =>
        await Assert.ThrowsAsync<ServiceUnreachableException>(() => Introspect(status, body));

    [Fact]
    public void No_bytes_open_anything_or_break_anything() => Gen.Select(
        Gen.OneOf(200, 400), Gen.OneOf(
            Gen.Byte.Array[0, 30],
            Gen.String[Gen.Char["{}[]\":,activetrue1\\ud8 "], 0, 40].Select(Encoding.UTF8.GetBytes)))
        .HoldsForAll(
            2_000,
            drawn =>
            {
                try
                {
                    Assert.False(Client(drawn.Item1, drawn.Item2).Introspect("x", null, CancellationToken.None).GetAwaiter().GetResult().Opens);
                }
                catch (ServiceUnreachableException)
                {
                    // It says nothing.
                }
            },
            drawn => Encoding.Latin1.GetString(drawn.Item2));

    private enum Said
    {
        Heartbeat,
        RevokeA,
        RevokeB,
        RevokeAll,
        Second,
        Begin,
    }

    /// <summary>
    /// Against a list of all that was said: what holds was asked for after everything that was said against it, within
    /// the bound of a heartbeat; and what was, does hold.
    /// </summary>
    [Fact]
    public void An_answer_holds_exactly_while_nothing_was_said_against_it() => Gen.Int[0, 5].Select(i => (Said)i).Array[1, 40].HoldsForAll(
        3_000,
        steps =>
        {
            var clock = new FakeTimeProvider();
            RevocationState state = new(TimeSpan.FromSeconds(5), clock);
            DateTimeOffset? heartbeat = null;
            List<(long Since, int At)> begun = [];
            List<(string? Token, int At)> against = [];
            for (var at = 0; at < steps.Length; at++)
            {
                switch (steps[at])
                {
                    case Said.Heartbeat:
                        state.Heartbeat(clock.GetUtcNow());
                        heartbeat = clock.GetUtcNow();
                        break;
                    case Said.RevokeA or Said.RevokeB:
                        var token = steps[at] == Said.RevokeA ? "a" : "b";
                        state.Revoke(token);
                        against.Add((token, at));
                        break;
                    case Said.RevokeAll:
                        state.RevokeAll();
                        against.Add((null, at));
                        break;
                    case Said.Second:
                        clock.Advance(TimeSpan.FromSeconds(1));
                        break;
                    default:
                        if (state.Begin() is { } since)
                        {
                            begun.Add((since, at));
                        }

                        break;
                }

                var isFresh = heartbeat is { } last && clock.GetUtcNow() - last < TimeSpan.FromSeconds(5);
                Assert.Equal(isFresh, state.Begin() is not null);
                foreach (var (since, from) in begun)
                {
                    foreach (var name in (string[])["a", "b", "c"])
                    {
                        var isSpokenAgainst = against.Any(
                            one => one.At > from && (one.Token is null || one.Token == name));
                        Assert.Equal(isFresh && !isSpokenAgainst, state.Holds(name, since));
                    }
                }
            }
        },
        steps => string.Join(' ', steps));

    private sealed class Factory(int status, byte[] body) : HttpMessageHandler, IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(body) });
    }

    private sealed class Monitor : IOptionsMonitor<TokenActorsOptions>
    {
        private readonly TokenActorsOptions _options = new() { Service = new Uri("http://service.test"), Secret = "ta_org_own" };

        public TokenActorsOptions CurrentValue => _options;

        public TokenActorsOptions Get(string? name) => _options;

        public IDisposable? OnChange(Action<TokenActorsOptions, string?> listener) => null;
    }
}
