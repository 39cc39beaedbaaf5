using System.Globalization;
using Bunit;
using Microsoft.AspNetCore.Http;
using TokenActors.Client.Tokens;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Tokens;

namespace TokenActors.WebConsole.Tests;

/// <summary>How a token was used, as a drawing, in words and in numbers; and what it may do, in words.</summary>
public sealed class UsageViewTests : BunitContext
{
    private static readonly DateTimeOffset Until = new(2030, 2, 5, 12, 30, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset From = new(2030, 1, 1, 13, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Hours_of_a_day_are_one_bar_and_refusals_are_added_up_by_reason()
    {
        var chart = UsageChart.Of(Usage(
            Hour(1, 14, 3, ("expired", 1)), Hour(1, 20, 4, ("expired", 2), ("disabled", 1)), Hour(5, 0, 2)));
        Assert.Equal(2, chart.Days.Count);
        var first = chart.Days[0];
        Assert.Equal((new DateOnly(2030, 1, 1), 7L, 4L), (first.Date, first.Accepted, first.AllRefused));
        Assert.Equal(3, first.Refused["expired"]);
        Assert.Equal(["accepted", "refused", "accepted"], chart.Bars.Select(bar => bar.Class));
    }

    [Fact]
    public void A_bar_stands_where_its_day_is_and_the_highest_day_fills_the_drawing()
    {
        var bars = UsageChart.Of(Usage(Hour(1, 14, 10), Hour(2, 14, 5), Hour(3, 14, 1_000_000))).Bars;
        const double DaysShown = 36;
        Assert.Equal(0, Number(bars[0].X));
        Assert.Equal(UsageChart.Width / DaysShown, Number(bars[1].X), 0.01);
        Assert.Equal(UsageChart.Floor, Number(bars[2].Y) + Number(bars[2].Height), 0.01);
        Assert.True(Number(bars[0].Height) >= 2, "one use among millions is seen");
        Assert.True(Number(bars[2].Y) >= 0);
        Assert.True(Number(bars[2].Height) > 100);
    }

    [Fact]
    public void No_date_below_the_bars_is_cut_off()
    {
        var marks = UsageChart.Of(Usage(Hour(1, 14, 10))).Marks;
        Assert.Contains(marks, mark => mark.Contains(">1 Jan<", StringComparison.Ordinal));
        Assert.Contains(marks, mark => mark.Contains(">31 Jan<", StringComparison.Ordinal));
        Assert.DoesNotContain(marks, mark => mark.Contains(">5 Feb<", StringComparison.Ordinal));
    }

    [Fact]
    public void Refusals_stand_on_what_was_accepted()
    {
        var bars = UsageChart.Of(Usage(Hour(1, 14, 6, ("expired", 2)))).Bars;
        Assert.Equal(Number(bars[0].Y), Number(bars[1].Y) + Number(bars[1].Height), 0.01);
        Assert.Equal(3, Number(bars[0].Height) / Number(bars[1].Height), 0.01);
    }

    [Fact]
    public void The_drawing_is_told_in_words_and_differs_by_more_than_colour()
    {
        var view = View(Usage(Hour(1, 14, 6, ("expired", 2)), Hour(4, 9, 1)), lastUsed: null);
        var chart = view.Find("svg");
        Assert.Equal("img", chart.GetAttribute("role"));
        Assert.Equal(
            "Uses by day from 1 Jan to 5 Feb: 7 accepted, 2 refused, at most 8 on 1 Jan. "
            + "The table below has the numbers.",
            chart.GetAttribute("aria-label"));
        Assert.Equal("url(#refused-hatch)", view.Find("rect.refused").GetAttribute("fill"));
        Assert.All(view.FindAll("rect.accepted"), bar => Assert.Null(bar.GetAttribute("fill")));
        Assert.NotNull(view.Find("pattern#refused-hatch .hatch"));
        Assert.Contains("hatched", view.Find(".key").TextContent);
    }

    [Fact]
    public void The_tables_have_every_day_and_the_hours_of_the_last_week()
    {
        var view = View(
            Usage(Hour(1, 14, 6), Hour(2, 9, 1), Hour(2, 10, 2, ("expired", 1)), At(Until.AddDays(-2), 5)),
            lastUsed: null);
        var tables = view.FindAll("details table");
        Assert.Equal(
            ["2030-01-01 6 ", "2030-01-02 3 1 expired", "2030-02-03 5 "],
            tables[0].QuerySelectorAll("tbody tr").Select(Cells));
        Assert.Equal(["2030-02-03 12:30 5 "], tables[1].QuerySelectorAll("tbody tr").Select(Cells));

        static string Cells(AngleSharp.Dom.IElement row) =>
            string.Join(' ', row.Children.Select(cell => cell.TextContent));
    }

    [Fact]
    public void Where_nothing_was_counted_it_says_why()
    {
        Assert.Contains("Nobody has used it.", View(Usage(), lastUsed: null).Markup);
        Assert.Contains("Nobody has used it in this time.", View(Usage(), From.AddDays(-1)).Markup);
        Assert.Contains("these are not yet", View(Usage(), Until).Markup);
        Assert.Contains("keeps no hours", View(Usage() with { Kept = false }, Until).Markup);
    }

    [Theory]
    [InlineData(null, "viewer", null, "viewer")]
    [InlineData("one", null, null, "role one")]
    [InlineData("one two", null, null, "roles one, two")]
    [InlineData(null, null, "a:b c:d e:f", "a:b, c:d, e:f")]
    [InlineData(null, null, "a:b c:d e:f g:h i:j", "a:b, c:d, e:f and 2 more")]
    [InlineData(null, null, null, "what its owner is for")]
    public void What_a_token_may_do_is_said_in_few_words(string? roles, string? set, string? actions, string said)
    {
        TokenGrant grant = new(roles?.Split(' '), set, actions?.Split(' '), null);
        Assert.Equal((said, said), (GrantWords.What(grant), GrantWords.Short(grant)));
        Assert.Empty(GrantWords.Narrowings(grant));
    }

    [Fact]
    public void What_a_token_is_narrowed_to_is_a_sentence_for_each_kind()
    {
        TokenGrant grant = new(null, "viewer", null, new Client.Tokens.Resources
        {
            Accounts = new(["*"], ["emea", "gold"], ["prod"]),
            Integrations = new(["ticketing"]),
            Organizations = new(["1"]),
        });
        Assert.Equal(
            [
                "Only accounts labelled emea, gold", "Only accounts in prod", "Only integrations of category ticketing",
                "Only organizations 1",
            ],
            GrantWords.Narrowings(grant));
        Assert.Equal("viewer, narrowed", GrantWords.Short(grant));
        var all = grant with { Resources = new() { Accounts = new(["*"]) } };
        Assert.Equal("viewer", GrantWords.Short(all));
    }

    private IRenderedComponent<UsageView> View(TokenUsage usage, DateTimeOffset? lastUsed) =>
        Render<UsageView>(parameters => parameters.AddCascadingValue(ConsoleRequest.Of(new DefaultHttpContext()))
            .Add(view => view.Usage, usage).Add(view => view.LastUsedAt, lastUsed));

    private static TokenUsage Usage(params UsageHour[] hours) => new(
        "t", true, From, Until, hours.Sum(hour => hour.Accepted),
        hours.SelectMany(hour => hour.Refused).GroupBy(reason => reason.Key).ToDictionary(
            reason => reason.Key, reason => reason.Sum(count => count.Value)),
        hours, [], null);

    private static UsageHour Hour(int day, int hour, long accepted, params (string Reason, long Count)[] refused) =>
        new(
            new DateTimeOffset(2030, 1, day, hour, 0, 0, TimeSpan.Zero), accepted,
            refused.ToDictionary(reason => reason.Reason, reason => reason.Count));

    private static UsageHour At(DateTimeOffset start, long accepted) =>
        new(start, accepted, new Dictionary<string, long>());

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
