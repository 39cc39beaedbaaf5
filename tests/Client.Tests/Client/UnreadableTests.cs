using System.Net;
using TokenActors.Client.Resources;
using TokenActors.Client.Tests.Cli;
using static TokenActors.Client.Tests.Client.WireHandler;

namespace TokenActors.Client.Tests.Client;

/// <summary>Answers that say yes and cannot be read, lists that do not go on, and what no header takes.</summary>
public sealed class UnreadableTests
{
    private const string Account = """{"id":"a-1","name":"acme","environment":"test","created_at":"2030-01-01T00:00:00Z","updated_at":"2030-01-01T00:00:00Z"}""";

    /// <summary>It is answered by something in front of a service that may have done it.</summary>
    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"result":null}""")]
    public async Task A_change_whose_answer_cannot_be_read_is_unknown_under_its_key(string body)
    {
        using var handler = new WireHandler(Answer(200, body));
        var unknown = await Assert.ThrowsAsync<OutcomeUnknownException>(
            () => handler.Client().Accounts.Create(new NewAccount()).Send("my-key"));
        Assert.Equal(("my-key", HttpStatusCode.OK), (unknown.IdempotencyKey, unknown.Status));
        Assert.Contains("POST /v1/accounts", unknown.Detail, StringComparison.Ordinal);
        Assert.Single(handler.Sent);

        var bare = await Assert.ThrowsAsync<OutcomeUnknownException>(
            () => handler.Client().Accounts.Patch("a-1", new JsonPatch().Set("/fullname", "A")).Send());
        Assert.Null(bare.IdempotencyKey);
        await Assert.ThrowsAsync<CallFailedException>(
            () => handler.Client().Accounts.Create(new NewAccount()).Preview());
    }

    /// <summary>Nothing is deleted, logged off or changed because a page says 200.</summary>
    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    public async Task A_change_that_is_answered_without_a_body_is_not_done_where_one_comes(string body)
    {
        using var handler = new WireHandler(Answer(200, body));
        var client = handler.Client();
        foreach (var call in (Func<Task>[])[
            () => client.Webhooks.Delete("w-1").Send(), () => client.Accounts.Delete("a-1").Send(),
            () => client.Session.LogOff(), () => client.Session.ChangePassword(new("old"), new("new"))])
        {
            await Assert.ThrowsAsync<OutcomeUnknownException>(call);
        }

        await Assert.ThrowsAsync<CallFailedException>(() => client.Tokens.ReportLeaks(["found"]));
        Assert.Equal(5, handler.Sent.Count);

        using var done = new WireHandler(Answer(204), Answer(200, """{"result":{"auth_code":"success"}}"""));
        await done.Client().Session.LogOff();
        await done.Client().Session.ChangePassword(new("old"), new("new"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"result":null}""")]
    [InlineData("""{"result":[null]}""")]
    [InlineData("""{"items":null}""")]
    [InlineData("""{"items":[null],"next_cursor":null}""")]
    public async Task A_list_without_its_items_is_no_empty_list(string body)
    {
        using var handler = new WireHandler(Answer(200, body));
        var client = handler.Client();
        await Assert.ThrowsAsync<CallFailedException>(() => client.Accounts.List().Page());
        await Assert.ThrowsAsync<CallFailedException>(() => client.Tokens.List().Page());
        await Assert.ThrowsAsync<CallFailedException>(() => client.Audit.List().Page());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"items":null}""")]
    [InlineData("""{"items":[null]}""")]
    public async Task So_is_a_list_of_one_page(string body)
    {
        using var handler = new WireHandler(Answer(200, body));
        var client = handler.Client();
        await Assert.ThrowsAsync<CallFailedException>(() => client.Webhooks.List().Page());
        await Assert.ThrowsAsync<CallFailedException>(() => client.ImportSchemes.List());
        await Assert.ThrowsAsync<CallFailedException>(() => client.Tokens.Introspect([new Secret("s")]));
        await Assert.ThrowsAsync<CallFailedException>(() => client.Organization.PermissionSets());
    }

    /// <summary>A service that does not know where to go on gives the same page for ever.</summary>
    [Fact]
    public async Task A_list_that_gives_the_same_page_again_ends_with_what_is_wrong()
    {
        using var handler = new WireHandler(Answer(200, $$"""{"result":[{{Account}}]}"""));
        List<string> read = [];
        var failed = await Assert.ThrowsAsync<CallFailedException>(async () =>
        {
            await foreach (var account in handler.Client().Accounts.List(new() { Limit = 1 }))
            {
                read.Add(account.Id);
            }
        });
        Assert.Contains("does not go on", failed.Detail, StringComparison.Ordinal);
        Assert.Equal(["a-1", "a-1"], read);
        Assert.Equal(2, handler.Sent.Count);
    }

    /// <summary>Pages of the Management API end with one that is not full, those of the other with no cursor.</summary>
    [Theory]
    [InlineData(2, 2, 2, "a-2")]
    [InlineData(2, 1, 1, null)]
    [InlineData(2, 0, 0, null)]
    [InlineData(0, 0, 0, null)]
    [InlineData(1, 2, 2, "a-2")]
    public async Task Where_a_page_goes_on_is_after_its_last_item(int limit, int items, int count, string? next)
    {
        var page = string.Join(
            ',', Enumerable.Range(1, items).Select(i => Account.Replace("a-1", $"a-{i}", StringComparison.Ordinal)));
        using var handler = new WireHandler(Answer(200, $$"""{"result":[{{page}}]}"""));
        var read = await handler.Client().Accounts.List(new() { Limit = limit }).Page();
        Assert.Equal((count, next), (read.Items.Count, read.Next));
    }

    /// <summary>.NET refuses to send it, which would be told as a service that is away, after four more attempts.</summary>
    [Theory]
    [InlineData("sécret")]
    [InlineData("two words")]
    [InlineData("line\nend")]
    [InlineData("")]
    public async Task A_bearer_that_no_header_takes_is_the_callers_mistake_and_is_not_shown(string bearer)
    {
        using var handler = new WireHandler(Answer(200, "{}"));
        var client = handler.Client(options => options.Bearer = _ => new(bearer));
        var wrong = await Assert.ThrowsAsync<ArgumentException>(() => client.Tokens.Get(CommandLines.Id));
        Assert.Empty(handler.Sent);
        Assert.True(bearer.Length == 0 || !wrong.Message.Contains(bearer, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("schlüssel")]
    [InlineData("line\nend")]
    [InlineData("")]
    public async Task A_key_that_no_header_takes_is_the_callers_mistake(string key)
    {
        using var handler = new WireHandler(Answer(200, "{}"));
        await Assert.ThrowsAsync<ArgumentException>(() => handler.Client().Tokens.Reset(CommandLines.Id).Send(key));
        Assert.Empty(handler.Sent);
        await Assert.ThrowsAsync<OutcomeUnknownException>(
            () => handler.Client().Tokens.Reset(CommandLines.Id).Send("a key, with blanks"));
        Assert.Equal("a key, with blanks", Assert.Single(handler.Sent).Key);
    }

    /// <summary>A newer service says words and fields that this client does not know; an older one leaves some out.</summary>
    [Fact]
    public async Task Words_and_fields_of_another_release_are_read_all_the_same()
    {
        using var handler = new WireHandler(Answer(200, """
            {"id":"j-1","kind":"rotate_all","state":"paused_by_moon","total":3,"brand_new":{"a":[1]},"filter":null}
            """));
        var job = await handler.Client().Jobs.Get("j-1");
        Assert.Equal(("paused_by_moon", "rotate_all", 3, false), (job.State, job.Kind, job.Total, job.IsOver));

        using var tokens = new WireHandler(Answer(
            200, RefusalTests.TokenOf("new").Replace("\"adhoc\"", "\"quantum\"", StringComparison.Ordinal)));
        var token = await tokens.Client().Tokens.Get(CommandLines.Id);
        Assert.Equal(("quantum", "new"), (token.Kind, token.Name));
        Assert.Null(token.Secondary);
        Assert.Empty(token.Labels);
    }

    [Theory]
    [InlineData("event: revoked\ndata: {\"token_id\":\"t-1\"}\n\n", "revoked", "t-1")]
    [InlineData("event: revoked\ndata: {}\n\n", "revoked", null)]
    [InlineData("event: all\ndata: {}\n\n", "all", null)]
    [InlineData("event: of_the_future\ndata: words\n\n", "of_the_future", null)]
    [InlineData(": a comment\n\nevent: revoked\ndata: {\"token_id\":\ndata: \"t-2\"}\n\n", "revoked", "t-2")]
    [InlineData("event: revoked\r\ndata: {\"token_id\":\"t-3\"}\r\n\r\n", "revoked", "t-3")]
    public async Task An_event_of_the_stream_is_read_as_it_is_written(string text, string kind, string? token)
    {
        using var handler = new WireHandler(Answer(200, text, "text/event-stream"));
        List<(string, string?)> read = [];
        await foreach (var happened in handler.Client().Revocations.Follow("c-7"))
        {
            read.Add((happened.Kind, happened.TokenId));
        }

        Assert.Equal([(kind, token)], read);
        Assert.EndsWith("revocations?cursor=c-7", handler.Sent[0].Address.AbsoluteUri, StringComparison.Ordinal);
    }

    /// <summary>Whoever follows may not take an event that it cannot read for none.</summary>
    [Theory]
    [InlineData("event: revoked\ndata: {\"token_id\":\n\n")]
    [InlineData("event: heartbeat\ndata: soon\n\n")]
    [InlineData("event: heartbeat\ndata: {\"up_to\":\"yesterday\"}\n\n")]
    public async Task An_event_that_cannot_be_read_ends_the_stream_with_an_exception_of_the_client(string text)
    {
        using var handler = new WireHandler(Answer(200, text, "text/event-stream"));
        await Assert.ThrowsAsync<CallFailedException>(async () =>
        {
            await foreach (var happened in handler.Client().Revocations.Follow())
            {
                Assert.Fail($"{happened.Kind} was read");
            }
        });
    }

    [Theory]
    [InlineData("{\"number\":1}\nno row\n")]
    [InlineData("null\n")]
    [InlineData("[]\n")]
    [InlineData("\n")]
    public async Task A_line_of_an_export_that_cannot_be_read_is_told_as_such(string text)
    {
        using var handler = new WireHandler(Answer(200, text, "application/x-ndjson"));
        await Assert.ThrowsAsync<CallFailedException>(async () =>
        {
            await foreach (var row in handler.Client().Audit.Export())
            {
                Assert.Equal(1, row.Number);
            }
        });
    }
}
