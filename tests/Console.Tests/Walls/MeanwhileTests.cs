using System.Net;
using AngleSharp.Html.Dom;

namespace TokenActors.WebConsole.Tests.Walls;

/// <summary>
/// Every form that changes a thing, found by what it carries: what somebody else changed while it was open is shown
/// beside its field, and is not overwritten.
/// </summary>
[Collection("walls")]
public sealed class MeanwhileTests(HostileService service)
{
    private const string Carried = "_before";

    /// <summary>Of each field, what somebody types who changes it. Two of these are in every form.</summary>
    private static readonly (string Field, string Theirs, string Mine)[] Values =
    [
        ("fullname", "Theirs, Ltd.", "Mine, Ltd."), ("description", "theirs", "mine"), ("contact", "they", "me"),
        ("labels", "theirs", "mine"), ("roles", "viewer, member", "member"),
        ("longest_life", "9000h", "8000h"), ("default_life", "30h", "20h"),
        ("name", "theirs-{unique}", "mine-{unique}"), ("types", "token.rotated", "token.leaked"),
    ];

    [Fact]
    public async Task What_somebody_else_changed_is_shown_at_every_form_and_stays()
    {
        using var visitor = await service.SignIn();
        using var other = visitor.Tab();
        List<string> forms = [];
        foreach (var address in service.Addresses("GET", things: await service.NewThings()))
        {
            if (FieldsOf(await visitor.Get(address)) is not [var theirs, var mine, ..])
            {
                continue;
            }

            forms.Add(address);
            await other.Get(address);
            await other.Submit(address, (theirs.Field, theirs.Theirs));
            Assert.True(other.Path.Contains("?done=", StringComparison.Ordinal), $"{address}: {other.Text}");
            await visitor.Submit(address, (mine.Field, mine.Mine));
            Assert.True(visitor.Status == HttpStatusCode.UnprocessableEntity, $"{address}: {visitor.Text}");
            Assert.Contains("Somebody else changed the", visitor.Text, StringComparison.Ordinal);
            Assert.Contains($"is \"{theirs.Theirs}\" now", visitor.Beside(theirs.Field), StringComparison.Ordinal);
            Assert.Null(visitor.Beside(mine.Field));
            Assert.Equal(
                (theirs.Theirs, mine.Mine), (visitor.ValueOf(theirs.Field), visitor.ValueOf(mine.Field)));
            Assert.Empty(PageRules.Missing(visitor.Page));
            await other.Get(address);
            Assert.Equal(theirs.Theirs, other.ValueOf(theirs.Field));
            Assert.NotEqual(mine.Mine, other.ValueOf(mine.Field));

            await visitor.Submit(address);
            Assert.True(visitor.Path.Contains("?done=", StringComparison.Ordinal), $"{address}: {visitor.Text}");
            await other.Get(address);
            Assert.Equal((theirs.Theirs, mine.Mine), (other.ValueOf(theirs.Field), other.ValueOf(mine.Field)));
            if (address == "/console/policy")
            {
                await other.Submit(address, (theirs.Field, ""), (mine.Field, ""));
                Assert.Contains("The policy is saved", other.Text, StringComparison.Ordinal);
            }
        }

        Assert.Equal(
            ["accounts", "members", "policy", "roles", "tokens", "webhooks"],
            forms.Select(address => address.Split('/')[2]).Order(StringComparer.Ordinal));
    }

    /// <summary>Nothing typed is nothing to save: it takes nobody's change back, however old the form is.</summary>
    [Fact]
    public async Task A_form_in_which_nothing_was_changed_changes_nothing()
    {
        using var visitor = await service.SignIn();
        using var other = visitor.Tab();
        foreach (var address in service.Addresses("GET", things: await service.NewThings()))
        {
            if (address == "/console/policy" || FieldsOf(await visitor.Get(address)) is not [var theirs, ..])
            {
                continue;
            }

            await other.Get(address);
            await other.Submit(address, (theirs.Field, theirs.Theirs));
            await visitor.Submit(address);
            Assert.True(visitor.Path.Contains("?done=", StringComparison.Ordinal), $"{address}: {visitor.Text}");
            await other.Get(address);
            Assert.Equal(theirs.Theirs, other.ValueOf(theirs.Field));
        }
    }

    /// <summary>The fields of the form that changes the thing of a page, with what two people type.</summary>
    private static IReadOnlyList<(string Field, string Theirs, string Mine)> FieldsOf(Visitor visitor)
    {
        var unique = $"{Guid.NewGuid():N}"[..8];
        return
        [
            .. Values.Where(value =>
                visitor.Page.QuerySelector($"main form [name='{value.Field}{Carried}']") is not null
                && visitor.Page.QuerySelector($"#f-{value.Field}") is IHtmlInputElement)
                .Select(value => (value.Field, Of(value.Theirs), Of(value.Mine))),
        ];

        string Of(string text) => text.Replace("{unique}", unique, StringComparison.Ordinal);
    }
}
