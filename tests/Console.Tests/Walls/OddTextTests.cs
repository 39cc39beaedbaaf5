using System.Net;
using AngleSharp.Html.Dom;

namespace TokenActors.WebConsole.Tests.Walls;

/// <summary>
/// Texts that nobody expects, typed into every field of every form: each is taken or refused by a page, and what is
/// refused stands in its field again.
/// </summary>
[Collection("walls")]
public sealed class OddTextTests(HostileService service)
{
    /// <summary>Stands for bytes that are no UTF-8, which a form keeps as they are written.</summary>
    private const string Broken = "brokenbytes";

    private const string Bytes = "%ED%A0%80%FF%C0%AF";

    /// <summary>Fewer than there are of forms and fields, so that a search which finds none is no success.</summary>
    private const int LeastFields = 40;

    public static TheoryData<string, string> Texts => new()
    {
        { "markup", HostileService.Text },
        { "right to left, with an end that is never said", "\u202E\u2066\u05E9\u05DC\u05D5\u05DD\u200F\u0301" },
        { "4,000 letters", new string('x', 4_000) },
        { "4,000 halves of signs beyond the first plane", string.Concat(Enumerable.Repeat("\U0001F511", 2_000)) },
        { "controls", "ab\u0001\u001B[31m\u2028c" },
        { "a NUL, with which no form is one", "a\0b" },
        { "half of a sign, and what is no sign", "a\uD800b\uFFFE\uFEFF" },
        { "bytes that are no text", $"a{Broken}b" },
        { "blanks", " \t\u00A0 " },
        { "nothing between commas", ",,*,..,/" },
        { "JSON with half of a sign", """{"type":"ticketing_jira","url":"\ud800","credential":{"\udfff":1}}""" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Whatever_is_typed_is_answered_by_a_page_and_stands_in_its_field(string kind, string text)
    {
        using var visitor = await service.SignIn();
        using var answer = visitor.Tab();
        List<string> wrong = [];
        var fields = 0;
        await foreach (var field in TypedField.Of(visitor, await Addresses()))
        {
            fields++;
            await answer.Send(await WithBytes(field.With(visitor, text)));
            wrong.AddRange(Wrong(answer, field, text).Select(what => $"{field}, {kind}: {what}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.InRange(fields, LeastFields, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Whoever_signs_in_with_it_is_told_that_it_is_not_right(string kind, string text)
    {
        using var visitor = new Visitor(service.Address);
        using var answer = new Visitor(service.Address);
        var fields = 0;
        await foreach (var field in TypedField.Of(visitor, ["/console/sign-in"]))
        {
            fields++;
            Array.ForEach([.. visitor.Cookies], answer.Keep);
            await answer.Send(await WithBytes(field.With(visitor, text)));
            Assert.Equal(
                IsNoForm(text) ? HttpStatusCode.BadRequest : HttpStatusCode.UnprocessableEntity, answer.Status);
            Assert.Empty(Wrong(answer, field, text).Select(what => $"{field}, {kind}: {what}"));
        }

        Assert.Equal(4, fields);
    }

    /// <summary>
    /// A text that was taken is a text on every page that shows its thing, also where it runs the other way.
    /// </summary>
    [Theory]
    [InlineData("accounts/new", "fullname", "accounts")]
    [InlineData("roles/new", "description", "roles")]
    [InlineData("members/new", "fullname", "members")]
    public async Task What_was_taken_is_shown_as_it_was_typed(string page, string field, string list)
    {
        const string text = "<b>&amp; \u05E9\u05DC\u05D5\u05DD \u202Egnp.exe\u202C 'x' \"y\" \u00E9\u0301 \U0001F511";
        using var visitor = await service.SignIn();
        await visitor.Get($"/console/{page}");
        var name = $"t{Guid.NewGuid():N}"[..12];
        List<(string, string?)> typed = [(field, text), ("name", list == "members" ? $"{name}@example.com" : name)];
        if (list == "members")
        {
            typed.AddRange([("roles", "viewer"), ("secret", HostileService.Password)]);
        }

        await visitor.Submit($"/{page}", [.. typed]);
        Assert.True(visitor.Status == HttpStatusCode.OK, visitor.Text);
        await visitor.Get($"/console/{list}?q={name}");
        Assert.Contains(text, visitor.Page.QuerySelector("tbody")?.TextContent);
        Assert.Empty(PageRules.Strange(visitor.Page));
        if (visitor.Page.QuerySelector("tbody a[href$='/edit'],tbody .lead a")?.GetAttribute("href") is { } thing)
        {
            await visitor.Get(list == "accounts" ? $"{thing}/edit" : thing);
            Assert.Equal(text, visitor.ValueOf(field));
        }
    }

    private async Task<IReadOnlyList<string>> Addresses() =>
        service.Addresses("GET", things: await service.NewThings());

    private static IEnumerable<string> Wrong(Visitor answer, TypedField field, string text)
    {
        if (IsNoForm(text) ? answer.Status != HttpStatusCode.BadRequest : (int)answer.Status is not (200 or 422))
        {
            yield return $"{answer.Status} {answer.Text.Trim()}";
        }

        foreach (var what in PageRules.Strange(answer.Page).Concat(PageRules.Missing(answer.Page)))
        {
            yield return what;
        }

        if (answer.Status != HttpStatusCode.UnprocessableEntity)
        {
            yield break;
        }

        if (answer.Page.QuerySelector("main [role=alert],main .error,main .notice.bad") is null)
        {
            yield return "it is refused, and nothing says why";
        }

        foreach (var what in PageRules.Relative(answer.Page))
        {
            yield return what;
        }

        var shown = answer.Page.QuerySelectorAll($"main [name='{field.Name}']").FirstOrDefault() switch
        {
            IHtmlInputElement { Type: "password" } => null,
            IHtmlInputElement input => input.Value,
            IHtmlTextAreaElement area => area.Value,
            _ => "",
        };
        if (shown is not null && Plain(shown) != Plain(text))
        {
            yield return $"what was typed is not kept, but {shown}";
        }

        if (shown is null && text.Length > 10 && answer.Text.Contains(text, StringComparison.Ordinal))
        {
            yield return "a secret is shown again";
        }
    }

    private static bool IsNoForm(string text) => text.Contains('\0', StringComparison.Ordinal);

    /// <summary>As a browser keeps a text in a field: what is no sign is another there.</summary>
    private static string Plain(string text) => new(
    [
        .. text.Replace(Broken, Bytes, StringComparison.Ordinal).Where(
            sign => !char.IsControl(sign) && sign is not ('\uFFFD' or '\uFFFE' or '\uFEFF') && !char.IsSurrogate(sign)),
    ]);

    private static async Task<HttpRequestMessage> WithBytes(HttpRequestMessage request)
    {
        var body = await request.Content!.ReadAsStringAsync();
        request.Content = new StringContent(
            body.Replace(Broken, Bytes, StringComparison.Ordinal),
            new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        return request;
    }
}
