using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>A service by the system's clock, as readers of the stream need it.</summary>
public sealed class TimedService : Service
{
    protected override TimeProvider Time => TimeProvider.System;
}

/// <summary>What the stream of revocations tells a resource server.</summary>
public sealed class RevocationTests(TimedService service) : IClassFixture<TimedService>
{
    private const string Route = "/lifecycle/v1/revocations";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task One_that_knows_nothing_is_told_all_and_then_a_heartbeat_each_second()
    {
        await using var stream = await Open(service.Admin);
        Assert.Equal("all", (await stream.Next()).EventType);
        var first = await stream.Next();
        Assert.Equal("heartbeat", first.EventType);

        // The page of its own and the first of all that follow may be read in one millisecond.
        var second = await stream.Await(read => read.EventType == "heartbeat" && UpTo(read) > UpTo(first));
        Assert.InRange(UpTo(second) - UpTo(first), TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.NotNull(second.EventId);
    }

    [Fact]
    public async Task Every_way_to_end_or_narrow_a_token_names_it_before_a_heartbeat_of_later()
    {
        await using var stream = await Open(service.Admin);
        await stream.Await(read => read.EventType == "heartbeat");
        var made = await service.Create();
        Func<Task<Answer>>[] ways =
        [
            () => service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh),
            () => service.Delete($"/v1/tokens/{made.Id}/secondary", service.Admin),
            () => service.Put($"/v1/tokens/{service.OrganizationId}/{made.Id}/reset", service.Admin),
            () => service.Delete($"/v1/tokens/{made.Id}", service.Admin),
        ];
        foreach (var way in ways)
        {
            Assert.InRange((int)(await way()).Status, 200, 299);
            var answered = DateTimeOffset.UtcNow;
            await stream.Await(
                read => Names(read, made.Id), before: read => read.EventType == "heartbeat" && UpTo(read) > answered);
        }
    }

    [Fact]
    public async Task A_token_with_others_below_and_what_stands_above_tokens_is_all()
    {
        var parent = await service.Create();
        await service.Create("viewer", bearer: parent.Access);
        var account = (string)(await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        await using var stream = await Open(service.Admin);

        // A stream that began from nothing is told all once more while old statements may still end.
        await stream.Await(read => read.EventType == "heartbeat");
        await stream.Await(read => read.EventType == "all");
        (await service.Delete($"/v1/tokens/{parent.Id}", service.Admin)).Is(HttpStatusCode.NoContent);
        await stream.Await(read => read.EventType == "all");
        await stream.Await(read => read.EventType == "heartbeat");
        Assert.InRange((int)(await service.Delete($"/v1/accounts/{account}", service.Admin)).Status, 200, 299);
        await stream.Await(read => read.EventType == "all");
    }

    [Fact]
    public async Task A_reader_goes_on_where_it_was_cut_off_and_a_cursor_of_nowhere_is_all()
    {
        string? cursor;
        await using (var stream = await Open(service.Admin))
        {
            cursor = (await stream.Await(read => read.EventType == "heartbeat")).EventId;
        }

        var made = await service.Create("viewer");
        (await service.Delete($"/v1/tokens/{made.Id}", service.Admin)).Is(HttpStatusCode.NoContent);
        await using (var resumed = await Open(service.Admin, cursor))
        {
            await resumed.Await(read => Names(read, made.Id) || read.EventType == "all");
        }

        foreach (var nonsense in new[] { "nonsense", "AAAA", new string('a', 4_000) })
        {
            await using var lost = await Open(service.Admin, nonsense);
            Assert.Equal("all", (await lost.Next()).EventType);
        }
    }

    [Fact]
    public async Task A_stream_of_one_organization_says_nothing_of_another()
    {
        var (_, _, foreign) = await service.NewOrganization();
        await using var stream = await Open(service.Admin);
        await stream.Await(read => read.EventType == "heartbeat");
        (await service.Revoke(foreign.Access, foreign.Access)).Is(HttpStatusCode.OK);
        var answered = DateTimeOffset.UtcNow;
        await stream.Await(
            read => read.EventType == "heartbeat" && UpTo(read) > answered, before: read => Names(read, foreign.Id));
    }

    [Fact]
    public async Task A_stream_ends_within_a_second_of_its_bearers_death()
    {
        // The median of three: a machine that stands still for a moment is not the service's.
        List<TimeSpan> times = [];
        for (var round = 0; round < 3; round++)
        {
            var bearer = await service.Create();
            await using var stream = await Open(bearer.Access);
            await stream.Await(read => read.EventType == "heartbeat");
            (await service.Delete($"/v1/tokens/{bearer.Id}", service.Admin)).Is(HttpStatusCode.NoContent);
            var since = TimeProvider.System.GetTimestamp();
            await stream.End();
            times.Add(TimeProvider.System.GetElapsedTime(since));
        }

        times.Sort();
        Assert.InRange(times[1], TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public async Task A_fifth_stream_of_a_token_is_429_until_one_of_the_four_ends()
    {
        var bearer = await service.Create();
        List<Stream> streams = [];
        for (var i = 0; i < 4; i++)
        {
            streams.Add(await Open(bearer.Access));
        }

        Problem(await Try(bearer.Access), HttpStatusCode.TooManyRequests);
        await streams[0].DisposeAsync();
        await Eventually.Holds(async () => (await Try(bearer.Access)).StatusCode == HttpStatusCode.OK);
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    [Fact]
    public async Task Who_may_not_see_all_tokens_gets_403_and_who_reads_no_events_406()
    {
        Problem(await Try(null), HttpStatusCode.Unauthorized);
        Problem(await Try((await service.Create("member")).Access), HttpStatusCode.Forbidden);
        var account = (string)(await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        Problem(await Try((await service.Create("administrator", new { accounts = new { ids = new[] { account } } })).Access), HttpStatusCode.Forbidden);
        Problem(await Try(service.Admin, accept: "application/json"), HttpStatusCode.NotAcceptable);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("text/*;q=0.5, application/json")]
    [InlineData("TEXT/EVENT-STREAM")]
    [InlineData("text/event-stream;charset=utf-8")]
    public async Task Whoever_accepts_anything_is_sent_events(string? accept)
    {
        using var response = await Try((await service.Create("administrator")).Access, accept: accept);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
    }

    private static void Problem(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private static DateTimeOffset UpTo(SseItem<JsonNode> heartbeat) =>
        DateTimeOffset.Parse((string)heartbeat.Data["up_to"]!, System.Globalization.CultureInfo.InvariantCulture);

    private static bool Names(SseItem<JsonNode> read, string token) =>
        read.EventType == "revoked" && (string)read.Data["token_id"]! == token;

    private async Task<HttpResponseMessage> Try(
        string? bearer, string? cursor = null, string? accept = "text/event-stream")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Route);
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        if (cursor is not null)
        {
            request.Headers.Add("Last-Event-ID", cursor);
        }

        return await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private async Task<Stream> Open(string bearer, string? cursor = null)
    {
        var response = await Try(bearer, cursor);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        return new Stream(response);
    }

    /// <summary>An open stream, read as it comes.</summary>
    private sealed class Stream : IAsyncDisposable
    {
        private readonly HttpResponseMessage _response;
        private readonly Channel<SseItem<JsonNode>> _read = Channel.CreateUnbounded<SseItem<JsonNode>>();
        private readonly Task _reading;

        public Stream(HttpResponseMessage response)
        {
            _response = response;
            _reading = Read();
        }

        public async Task<SseItem<JsonNode>> Next() => await _read.Reader.ReadAsync().AsTask().WaitAsync(Deadline);

        /// <summary>The first event that is wanted; fails where another comes before it.</summary>
        public async Task<SseItem<JsonNode>> Await(
            Func<SseItem<JsonNode>, bool> wanted, Func<SseItem<JsonNode>, bool>? before = null)
        {
            while (true)
            {
                var read = await Next();
                if (wanted(read))
                {
                    return read;
                }

                Assert.False(
                    before?.Invoke(read) == true, $"{read.EventType} {read.Data} came before what was awaited");
            }
        }

        public Task End() => _reading.WaitAsync(Deadline);

        public async ValueTask DisposeAsync()
        {
            _response.Dispose();
            await _reading;
        }

        private async Task Read()
        {
            try
            {
                var parser = SseParser.Create(
                    await _response.Content.ReadAsStreamAsync(), (_, data) => JsonNode.Parse(data)!);
                await foreach (var item in parser.EnumerateAsync())
                {
                    _read.Writer.TryWrite(item);
                }
            }
            catch (Exception e) when (e is IOException or HttpRequestException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
            {
            }

            _read.Writer.TryComplete();
        }
    }
}
