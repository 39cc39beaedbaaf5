using System.Text.Json.Nodes;
using TokenActors.Domain.Integrations;

namespace TokenActors.Domain.Tests.Integrations;

/// <summary>Schedules as integrations store them, and configurations as they are shown.</summary>
public sealed class OperationScheduleTests
{
    private static readonly Guid Integration = Guid.Parse("01900000-0000-7000-8000-000000000001");

    private static JsonObject Item(string operation, string period = "1h", bool enabled = true) => new()
    {
        ["operation"] = operation,
        ["enabled"] = enabled,
        ["frequency"] = new JsonObject { ["type"] = "periodic", ["value"] = period },
    };

    private static IReadOnlyList<OperationSchedule> Of(params JsonNode[] items) =>
        OperationSchedule.Of(Integration, new JsonArray(items).ToJsonString());

    [Fact]
    public void No_schedule_is_none()
    {
        Assert.Empty(OperationSchedule.Of(Integration, null));
        Assert.Empty(Of());
    }

    [Fact]
    public void What_is_left_out_is_nothing()
    {
        var schedule = Assert.Single(Of(Item("siem_query_events", "4h", enabled: false)));
        Assert.Equal(
            ("siem_query_events", false, TimeSpan.FromHours(4)),
            (schedule.Operation, schedule.Enabled, schedule.Period));
        Assert.Empty(schedule.Filters);
        Assert.Null(schedule.BackfillFrom);
        Assert.False(schedule.IsFullSnapshot);
    }

    [Fact]
    public void A_cron_expression_is_no_period()
    {
        var item = Item("siem_query_events", "30 4 * * *");
        item["frequency"]!["type"] = "cron";
        var schedule = Assert.Single(Of(item));
        Assert.Equal(("30 4 * * *", TimeSpan.Zero), (schedule.Cron, schedule.Period));
        Assert.Null(Assert.Single(Of(Item("siem_query_events"))).Cron);
    }

    [Fact]
    public void What_is_given_is_read()
    {
        var item = Item("siem_query_events", "30m");
        item["filters"] = new JsonArray("severity[eq]high", "name[like]a%");
        item["backfill_from_time"] = "7d";
        item["incremental_config"] = new JsonObject { ["mode"] = "full_snapshot" };
        var schedule = Assert.Single(Of(item));
        Assert.Equal(["severity[eq]high", "name[like]a%"], schedule.Filters.ToArray());
        Assert.Equal(("7d", true), (schedule.BackfillFrom, schedule.IsFullSnapshot));
    }

    /// <summary>Rows of before hold nulls where nothing was given, and modes that this release does not know.</summary>
    [Theory]
    [InlineData("""{"filters":null,"backfill_from_time":null,"incremental_config":null}""")]
    [InlineData("""{"filters":"x","backfill_from_time":7,"incremental_config":"full_snapshot"}""")]
    [InlineData("""{"incremental_config":{"mode":"incremental"}}""")]
    [InlineData("""{"incremental_config":{"mode":1}}""")]
    [InlineData("""{"incremental_config":{}}""")]
    public void What_is_no_setting_is_as_if_it_was_left_out(string more)
    {
        var item = Item("siem_query_events");
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject())
        {
            item[name] = value?.DeepClone();
        }

        var schedule = Assert.Single(Of(item));
        Assert.Empty(schedule.Filters);
        Assert.Null(schedule.BackfillFrom);
        Assert.False(schedule.IsFullSnapshot);
    }

    /// <summary>An execution goes on under the same id, whatever else is changed: also where others come and go before
    /// it.</summary>
    [Fact]
    public void A_schedule_keeps_its_id_while_the_integration_has_the_operation()
    {
        var first = Of(Item("siem_query_events", "1h"), Item("edr_query_alerts"));
        var later = Of(Item("edr_query_alerts", "5m", enabled: false), Item("siem_query_events", "1d"));
        Assert.Equal(first[0].Id, later[1].Id);
        Assert.Equal(first[1].Id, later[0].Id);
        Assert.NotEqual(first[0].Id, first[1].Id);
    }

    [Fact]
    public void The_same_operation_twice_is_two_schedules_and_so_is_that_of_another_integration()
    {
        var twice = Of(Item("siem_query_events"), Item("siem_query_events"));
        var other = Assert.Single(
            OperationSchedule.Of(Guid.NewGuid(), new JsonArray(Item("siem_query_events")).ToJsonString()));
        Assert.Equal(3, new[] { twice[0].Id, twice[1].Id, other.Id }.Distinct().Count());
        Assert.Equal(twice[0].Id, Assert.Single(Of(Item("siem_query_events"))).Id);
    }

    [Theory]
    [InlineData("1m", true)]
    [InlineData("7d", true)]
    [InlineData("366d", true)]
    [InlineData("8784h", true)]
    [InlineData("527040m", true)]
    [InlineData("367d", false)]
    [InlineData("8785h", false)]
    [InlineData("527041m", false)]
    [InlineData("2147483647d", false)]
    [InlineData("", false)]
    [InlineData("7", false)]
    [InlineData("d", false)]
    [InlineData("-1d", false)]
    [InlineData("1w", false)]
    [InlineData("2026-01-01", false)]
    public void A_backfill_goes_back_a_year_at_most(string period, bool allowed) => Assert.Equal(
        allowed ? null : "must be an RFC 3339 time, or a number and m, h or d of at most a year",
        ScheduledOperation.ProblemWithBackfill(period));

    [Theory]
    [InlineData("5m", 5)]
    [InlineData("90m", 90)]
    [InlineData("4h", 240)]
    [InlineData("2d", 2880)]
    [InlineData("2147483647d", 52_704_000)]
    public void A_period_is_counted_in_minutes_up_to_a_hundred_years(string period, double minutes) =>
        Assert.Equal(minutes, ScheduledOperation.PeriodOf(period).TotalMinutes);

    [Theory]
    [InlineData("4m")]
    [InlineData("")]
    [InlineData("hourly")]
    public void What_is_no_period_is_told_to_whoever_reads_it(string period) =>
        Assert.Contains(
            $"'{period}'", Assert.Throws<FormatException>(() => ScheduledOperation.PeriodOf(period)).Message);

    [Fact]
    public void A_configuration_is_shown_without_the_text_of_a_credential()
    {
        var shown = ShownConfigs.Of("siem_splunk", """{"hec_url":"https://h","hec_credential":"s3cret","search_service_credential":"s3cret"}""");
        Assert.Equal(
            """{"hec_url":"https://h","hec_credential":{"type":"secret"},"search_service_credential":{"type":"secret"}}""",
            shown.ToJsonString());
    }

    /// <summary>A stored credential is an id, which is no secret; a provider that is not known any more has no
    /// fields.</summary>
    [Theory]
    [InlineData("siem_splunk", """{"hec_credential":{"id":"c1"},"index":"i"}""", """{"hec_credential":{"id":"c1"},"index":"i"}""")]
    [InlineData("siem_gone", """{"credential":"x"}""", """{"credential":"x"}""")]
    [InlineData("siem_splunk", "[]", "{}")]
    [InlineData("siem_splunk", "null", "{}")]
    public void Anything_else_is_shown_as_it_is(string type, string config, string shown) =>
        Assert.Equal(shown, ShownConfigs.Of(type, config).ToJsonString());
}
