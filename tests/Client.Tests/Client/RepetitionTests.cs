using System.Net;
using TokenActors.Client.Tokens;
using static TokenActors.Client.Tests.Client.WireHandler;

namespace TokenActors.Client.Tests.Client;

/// <summary>
/// What is sent again and what is not, by how safe that is: every kind of call under every kind of fault.
/// </summary>
public sealed class RepetitionTests
{
    private const string Id = "01a219b4-3ff3-7541-abb9-bc3a20e1ce99";

    private const string NotSent = "not sent";
    private const string Lost = "lost";

    private const int Attempts = 5;

    private static Task Do(TokenActorsClient client, string call) => call switch
    {
        "read" => client.Tokens.Get(Id),
        "by key" => client.Tokens.Create(new NewToken { PermissionSet = "viewer" }).Send("k"),
        "delete" => client.Accounts.Delete("a").Send(),
        "patch" => client.Accounts.Patch("a", new JsonPatch().Set("/fullname", "x")).Send(),
        "log on" => client.Session.LogOn("o", "n", new Secret("p")),
        "log off" => client.Session.LogOff(),
        "preview" => client.Tokens.Delete(Id).Preview(),
        _ => throw new ArgumentOutOfRangeException(nameof(call), call, null),
    };

    /// <summary>A call, a fault, how often it is sent in all, and what the caller hears.</summary>
    [Theory]
    [InlineData("read", NotSent, Attempts, "failed")]
    [InlineData("read", Lost, Attempts, "failed")]
    [InlineData("read", "429", Attempts, "failed")]
    [InlineData("read", "503", Attempts, "failed")]
    [InlineData("read", "500", 1, "failed")]
    [InlineData("read", "404", 1, "failed")]
    [InlineData("preview", Lost, Attempts, "failed")]
    [InlineData("preview", "503", Attempts, "failed")]
    [InlineData("by key", NotSent, Attempts, "failed")]
    [InlineData("by key", Lost, Attempts, "unknown under k")]
    [InlineData("by key", "502", Attempts, "unknown under k")]
    [InlineData("by key", "503", Attempts, "unknown under k")]
    [InlineData("by key", "504", Attempts, "unknown under k")]
    [InlineData("by key", "429", Attempts, "failed")]
    [InlineData("by key", "500", 1, "failed")]
    [InlineData("by key", "409", 1, "failed")]
    [InlineData("delete", NotSent, Attempts, "failed")]
    [InlineData("delete", "503", Attempts, "unknown")]
    [InlineData("delete", "404", 1, "failed")]
    [InlineData("log off", Lost, Attempts, "unknown")]
    [InlineData("log off", "503", Attempts, "unknown")]
    [InlineData("patch", NotSent, Attempts, "failed")]
    [InlineData("patch", Lost, 1, "unknown")]
    [InlineData("patch", "503", 1, "unknown")]
    [InlineData("patch", "429", Attempts, "failed")]
    [InlineData("patch", "500", 1, "failed")]
    [InlineData("log on", Lost, 1, "unknown")]
    [InlineData("log on", "503", 1, "unknown")]
    [InlineData("log on", NotSent, Attempts, "failed")]
    [InlineData("log on", "429", Attempts, "failed")]
    [InlineData("log on", "401", 1, "failed")]
    public async Task A_call_is_repeated_as_far_as_that_is_safe(string call, string fault, int sent, string heard)
    {
        using var handler = new WireHandler(FaultOf(fault));
        var client = handler.Client();
        var exception = await Assert.ThrowsAnyAsync<TokenActorsException>(() => Do(client, call));
        Assert.Equal(sent, handler.Sent.Count);
        Assert.Equal(heard, exception switch
        {
            OutcomeUnknownException { IdempotencyKey: { } key } => $"unknown under {key}",
            OutcomeUnknownException => "unknown",
            _ => "failed",
        });
        Assert.Equal(int.TryParse(fault, out var status) ? (HttpStatusCode?)status : null, exception.Status);

        // The same call each time, under the same key.
        Assert.Single(handler.Sent.Distinct());
    }

    /// <summary>What was answered after a fault is the answer; a delete that finds nothing then has been
    /// done.</summary>
    [Theory]
    [InlineData(Lost, 404, true)]
    [InlineData("503", 404, true)]
    [InlineData("502", 204, true)]
    [InlineData(NotSent, 404, false)]
    [InlineData("429", 404, false)]
    [InlineData(NotSent, 204, true)]
    public async Task A_delete_that_finds_nothing_is_done_only_where_one_before_may_have_done_it(
        string fault, int then, bool done)
    {
        using var handler = new WireHandler(FaultOf(fault), Answer(then));
        var deletion = Do(handler.Client(), "delete");
        if (done)
        {
            await deletion;
        }
        else
        {
            Assert.Equal(
                HttpStatusCode.NotFound, (await Assert.ThrowsAsync<CallFailedException>(() => deletion)).Status);
        }

        Assert.Equal(2, handler.Sent.Count);
    }

    /// <summary>What the first attempt left open, a refusal of the second does not close.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(7, 8)]
    public async Task Retries_are_as_many_as_the_options_say(int retries, int sent)
    {
        using var handler = new WireHandler(Answer(503));
        await Assert.ThrowsAsync<CallFailedException>(
            () => Do(handler.Client(options => options.Retries = retries), "read"));
        Assert.Equal(sent, handler.Sent.Count);
    }

    [Fact]
    public async Task A_client_that_waits_no_longer_says_so()
    {
        using var silent = new SilentHandler();
        var client = new TokenActorsClient(
            new HttpClient(silent),
            new() { Service = new Uri("http://service.test"), Retries = 0, AttemptTimeout = TimeSpan.FromMilliseconds(20) });
        Assert.Equal("unreachable", (await Assert.ThrowsAsync<CallFailedException>(() => Do(client, "read"))).Code);
        Assert.Equal(
            "k", (await Assert.ThrowsAsync<OutcomeUnknownException>(() => Do(client, "by key"))).IdempotencyKey);
    }

    [Fact]
    public async Task A_bearer_is_asked_for_at_every_attempt_and_a_log_on_sends_none()
    {
        var asked = 0;
        using var handler = new WireHandler(Answer(503), Answer(503), Answer(400));
        await Assert.ThrowsAsync<CallFailedException>(
            () => Do(handler.Client(options => options.Bearer = _ => new($"b{asked++}")), "read"));
        Assert.Equal(["b0", "b1", "b2"], handler.Requests.Select(request => request.Headers.Authorization?.Parameter));

        using var anonymous = new WireHandler(Answer(401));
        await Assert.ThrowsAsync<CallFailedException>(() => Do(anonymous.Client(), "log on"));
        Assert.Null(anonymous.Requests[0].Headers.Authorization);
    }

    [Theory]
    [InlineData("a b", "/base/v1/accounts/a%20b")]
    [InlineData("a/b", "/base/v1/accounts/a%2Fb")]
    [InlineData("a?b=c#d", "/base/v1/accounts/a%3Fb%3Dc%23d")]
    [InlineData("Über", "/base/v1/accounts/%C3%9Cber")]
    [InlineData("a%2Fb", "/base/v1/accounts/a%252Fb")]
    [InlineData("a+b", "/base/v1/accounts/a%2Bb")]
    [InlineData("...", "/base/v1/accounts/...")]
    public async Task A_name_is_one_part_of_the_path_whatever_it_holds(string name, string path)
    {
        using var handler = new WireHandler(Answer(404));
        await Assert.ThrowsAsync<CallFailedException>(() => handler.Client().Accounts.Get(name));
        Assert.Equal(path, handler.Sent[0].Address.PathAndQuery);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task What_an_address_would_fold_is_not_sent(string name)
    {
        using var handler = new WireHandler(Answer(404));
        await Assert.ThrowsAsync<ArgumentException>(() => handler.Client().Accounts.Get(name));
        Assert.Empty(handler.Sent);
    }

    [Fact]
    public async Task The_parameters_of_a_list_arrive_as_they_were_given()
    {
        using var handler = new WireHandler(Answer(400));
        ListQuery query = new() { Filters = ["name[eq]a&b=c", "labels[eq]x y"], Order = ["name[desc]"], Limit = 7, After = "c+/=" };
        await Assert.ThrowsAsync<CallFailedException>(() => handler.Client().Tokens.List(query).Page());
        Assert.Equal(
            "?filter=name%5Beq%5Da%26b%3Dc&filter=labels%5Beq%5Dx%20y&order=name%5Bdesc%5D&limit=7&cursor=c%2B%2F%3D",
            handler.Sent[0].Address.Query);
        await Assert.ThrowsAsync<CallFailedException>(() => handler.Client().Accounts.List(query).Page());
        Assert.EndsWith("&limit=7&start_after=c%2B%2F%3D", handler.Sent[1].Address.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patch_is_a_list_of_operations_in_their_order()
    {
        using var handler = new WireHandler(Answer(400));
        var patch = new JsonPatch().Test("/fullname", "a").Set("/labels", new System.Text.Json.Nodes.JsonArray("x")).Remove("/environment");
        await Assert.ThrowsAsync<CallFailedException>(() => handler.Client().Accounts.Patch("a", patch).Send());
        Assert.Equal(
            """[{"op":"test","path":"/fullname","value":"a"},{"op":"add","path":"/labels","value":["x"]},{"op":"remove","path":"/environment"}]""",
            handler.Sent[0].Body);
        Assert.Equal("PATCH", handler.Sent[0].Method);
    }

    private static Func<HttpResponseMessage> FaultOf(string fault) => fault switch
    {
        NotSent => WireHandler.Lost(HttpRequestError.ConnectionError),
        Lost => WireHandler.Lost(HttpRequestError.ResponseEnded),
        _ => Answer(int.Parse(fault)),
    };

    /// <summary>A service that takes requests and says nothing.</summary>
    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("it is silent");
        }
    }
}
