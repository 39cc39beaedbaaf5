using System.Net;
using AngleSharp.Html.Dom;

namespace TokenActors.WebConsole.Tests.Walls;

/// <summary>
/// A session that is over at any page, found by the routes: whoever signs in comes back to the same page, and what was
/// typed into a form is there again.
/// </summary>
[Collection("walls")]
public sealed class SessionOverTests(HostileService service)
{
    private const string Session = "ta-console-";

    [Fact]
    public async Task Whoever_signs_in_comes_to_the_page_that_was_asked_for()
    {
        using var before = await service.SignIn();
        List<string> wrong = [];
        foreach (var address in service.Addresses("GET").Where(path => path != "/console/sign-in"))
        {
            var asked = $"{address}?q=a%20%26b&chosen=x%2Fy";
            await before.Get(asked);
            using var visitor = new Visitor(service.Address);
            await visitor.Get(asked);
            if (visitor.Path != $"/console/sign-in?return={Uri.EscapeDataString(asked)}")
            {
                wrong.Add($"{asked}: asked to sign in at {visitor.Path}");
            }

            await service.SignInBySecret(visitor);
            if ((visitor.Path, visitor.Status) != (asked, before.Status))
            {
                wrong.Add($"{asked}: {visitor.Path} {visitor.Status}, and {before.Status} before");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task What_was_typed_into_any_form_is_there_again_and_nothing_was_done()
    {
        using var visitor = await service.SignIn();
        var things = await service.NewThings();
        var before = await service.State();
        List<string> wrong = [];
        HashSet<string> seen = [];
        await foreach (var field in TypedField.Of(visitor, service.Addresses("GET", things: things)))
        {
            if (!seen.Add($"{field.Page} {string.Join(' ', field.Others)}"))
            {
                continue;
            }

            using var late = Late(visitor);
            await late.Send(visitor.Form(
                field.Action, [.. field.Others.Select(name => (name, (string?)$"typed into {name}"))]));
            wrong.AddRange(Asked(late).Select(what => $"{field}: {what}"));
            await service.SignInBySecret(late);
            if (late.Page.QuerySelector("form[data-go]") is not null)
            {
                await late.Submit("");
            }

            wrong.AddRange(Back(late, field).Select(what => $"{field}: {what}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.InRange(seen.Count, 14, int.MaxValue);
        Assert.Equal(before, await service.State());
    }

    /// <summary>Buttons that have nothing to type, and what a form of the console is not.</summary>
    [Fact]
    public async Task No_button_is_pressed_by_signing_in()
    {
        using var visitor = await service.SignIn();
        var before = await service.State();
        await visitor.Get("/console/me");
        var key = visitor.Page.QuerySelector("input[name=form_key]")?.GetAttribute("value") ?? "";
        List<string> wrong = [];
        foreach (var address in service.Addresses("POST").Except(
            ["/console/sign-in", "/console/sign-out", "/console/theme"]))
        {
            using var late = Late(visitor);
            await late.Send(new HttpRequestMessage(HttpMethod.Post, address)
            {
                Content = new FormUrlEncodedContent([new("form_key", key), new("step", "4")]),
                Headers = { Referrer = new Uri(service.Address, "/console/roles?q=x") },
            });
            wrong.AddRange(Asked(late).Select(what => $"{address}: {what}"));
            await service.SignInBySecret(late);
            if ((int)late.Status is not (200 or 404) || late.Page.QuerySelector("main h1") is null)
            {
                wrong.Add($"{address}: {late.Path} {late.Status} {late.Text}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, await service.State());
    }

    /// <summary>The address of the page that signs in holds the one to come back to, and may become too long.</summary>
    [Theory]
    [InlineData("/console/tokens?q=", "%C3%A9", 1_200, "/console/tokens")]
    [InlineData("/console/audit?event=", "%25", 2_500, "/console/audit")]
    [InlineData("/console/tokens?q=", "x", 6_000, null)]
    public async Task An_address_of_any_length_leads_to_a_page_again(
        string address, string part, int times, string? cut)
    {
        var asked = address + string.Concat(Enumerable.Repeat(part, times));
        using var visitor = new Visitor(service.Address);
        await visitor.Get(asked);
        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        Assert.StartsWith("/console/sign-in?return=", visitor.Path, StringComparison.Ordinal);
        await service.SignInBySecret(visitor);
        Assert.Equal(cut ?? asked, visitor.Path);
    }

    /// <summary>The same browser, whose session is over.</summary>
    private Visitor Late(Visitor visitor)
    {
        var late = new Visitor(service.Address);
        foreach (var cookie in visitor.Cookies.Where(
            cookie => !cookie.Name.Contains(Session, StringComparison.Ordinal)))
        {
            late.Keep(cookie);
        }

        return late;
    }

    private static IEnumerable<string> Asked(Visitor late)
    {
        if (late.Status != HttpStatusCode.Unauthorized || late.Page.QuerySelector("#f-password") is null)
        {
            yield return $"not asked to sign in: {late.Path} {late.Status} {late.Text.Trim()}";
        }

        if (!late.Text.Contains("Nothing was saved", StringComparison.Ordinal))
        {
            yield return "it is not said that nothing was saved";
        }

        if (late.Page.QuerySelectorAll("form").Any(form => form.QuerySelector("[name=kept_form]") is null))
        {
            yield return "a form of the page that signs in loses what was typed";
        }
    }

    private static IEnumerable<string> Back(Visitor late, TypedField field)
    {
        if (late.Status != HttpStatusCode.OK || late.Path != field.Page)
        {
            yield return $"not back, but at {late.Path} {late.Status} {late.Text.Trim()}";
            yield break;
        }

        foreach (var name in field.Others)
        {
            var shown = (late.Page.QuerySelector($"main [name='{name}']") as IHtmlInputElement)?.Value
                ?? (late.Page.QuerySelector($"main [name='{name}']") as IHtmlTextAreaElement)?.Value;
            if (shown != (Http.KeptForm.Keeps(name) ? $"typed into {name}" : ""))
            {
                yield return $"{name} says {shown}";
            }
        }

        foreach (var what in PageRules.Strange(late.Page).Concat(PageRules.Missing(late.Page)))
        {
            yield return what;
        }
    }
}
