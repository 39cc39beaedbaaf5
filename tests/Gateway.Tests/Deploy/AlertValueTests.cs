using System.Diagnostics.Metrics;
using System.Globalization;

namespace TokenActors.Gateway.Tests.Deploy;

/// <summary>Alerts over what a service sends that is well, and over what it sends when the alert is meant.</summary>
[Collection("service")]
public sealed class AlertValueTests(Service service)
{
    /// <summary>The series that make an alert fire.</summary>
    private IReadOnlyList<PromSample> Meant(string alert) => alert switch
    {
        "TokenActorsUnavailable" => [Requests("200", 40), Requests("503", 1)],
        "TokenActorsDatabaseAway" => [new("tokenactors_storage_unavailable_total", 0.1)],
        "TokenActorsCommitsSlow" => Buckets("tokenactors.commit.batch.duration", 0.003, 0.6, 0.7),
        "TokenActorsRemindersLate" => Buckets("tokenactors.reminder.lag", 0.1, 200),
        "TokenActorsReuseDetected" => [new("tokenactors_token_events_total", 0.01, ("event", "reuse_detected"))],
        "TokenActorsGuessing" => [new("tokenactors_authentication_failures_total", 60)],
        "TokenActorsDeliveriesLate" =>
            [new("tokenactors_webhook_lag_seconds", 0.2), new("tokenactors_webhook_lag_seconds", 400)],
        "TokenActorsDeliveriesFail" => [Attempts("delivered", 1), Attempts("failed", 2)],
        "TokenActorsDeliveriesWait" => [new("tokenactors_webhook_waiting", 200_000)],
        "TokenActorsEndpointOff" => [new("tokenactors_webhook_disabled_total", 0.001, ("because", "gone"))],
        "TokenActorsUsageLate" => [new("tokenactors_usage_lag_seconds", 400)],
        "TokenActorsTokensEnd" => [new("tokenactors_tokens_expiring", 1, ("within", "1d"))],
        "TokenActorsTokensUnused" => [new("tokenactors_tokens_unused", 101, ("days", "90"))],
        _ => throw new NotSupportedException($"what makes {alert} fire?"),
    };

    /// <summary>A service in use: now and then something is refused, or fails and is tried again.</summary>
    private List<PromSample> Well() =>
    [
        Requests("200", 40), Requests("401", 2), Requests("503", 0),
        new("tokenactors_storage_unavailable_total", 0),
        .. Buckets("tokenactors.commit.batch.duration", 0.0004, 0.002, 0.003, 0.012),
        .. Buckets("tokenactors.reminder.lag", 0.02, 0.4, 1.5),
        new("tokenactors_token_events_total", 3, ("event", "issued")), new(
            "tokenactors_token_events_total", 0, ("event", "reuse_detected")),
        new("tokenactors_authentication_failures_total", 2),
        new("tokenactors_webhook_lag_seconds", 0.4), Attempts("delivered", 5), Attempts("failed", 1), new(
            "tokenactors_webhook_waiting", 12),
        new("tokenactors_webhook_disabled_total", 0.001, ("because", "asked")), new(
            "tokenactors_webhook_disabled_total", 0, ("because", "failing")),
        new("tokenactors_usage_lag_seconds", 60),
        new("tokenactors_tokens_expiring", 0, ("within", "1d")), new(
            "tokenactors_tokens_expiring", 7, ("within", "30d")),
        new("tokenactors_tokens_unused", 3, ("days", "90")),
    ];

    [Fact]
    public void No_alert_fires_on_a_service_that_is_well_or_that_nobody_uses()
    {
        var well = Well();
        var unused = well.Select(sample => sample with { Value = 0 }).ToList();
        foreach (var (name, expression, _) in ObservedMetricsTests.Alerts())
        {
            Assert.False(PromValues.Fires(expression, well), $"{name} fires on a service that is well");
            Assert.False(PromValues.Fires(expression, unused), $"{name} fires on a service that nobody uses");
            Assert.False(PromValues.Fires(expression, []), $"{name} fires where nothing is sent");
        }
    }

    [Fact]
    public void Every_alert_fires_when_it_is_meant_and_no_other_does()
    {
        var alerts = ObservedMetricsTests.Alerts().ToList();
        Assert.NotEmpty(alerts);
        foreach (var (name, _, _) in alerts)
        {
            var meant = Meant(name);
            var rest = Well().Where(sample => meant.All(one => one.Name != sample.Name));
            IReadOnlyList<PromSample> sent = [.. rest, .. meant];
            Assert.Equal(
                [name], alerts.Where(alert => PromValues.Fires(alert.Expression, sent)).Select(alert => alert.Name));
        }
    }

    private static PromSample Requests(string code, double rate) =>
        new("http_server_request_duration_seconds_count", rate, ("http_response_status_code", code));

    private static PromSample Attempts(string result, double rate) =>
        new("tokenactors_webhook_attempts_total", rate, ("result", result));

    /// <summary>Times that come ten a second each, in the buckets that the program's histogram has.</summary>
    private List<PromSample> Buckets(string histogram, params double[] seconds)
    {
        var name = $"{histogram.Replace('.', '_')}_seconds_bucket";
        return
        [
            .. BoundsOf(histogram).Append(double.PositiveInfinity).Select(bound => new PromSample(
                name, 10 * seconds.Count(time => time <= bound),
                ("le", double.IsPositiveInfinity(bound) ? "+Inf" : bound.ToString(CultureInfo.InvariantCulture)))),
        ];
    }

    private IReadOnlyList<double> BoundsOf(string histogram)
    {
        Assert.NotEmpty(service.OrganizationId);
        IReadOnlyList<double>? bounds = null;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
            bounds = instrument.Name == histogram
                ? ((Histogram<double>)instrument).Advice?.HistogramBucketBoundaries
                : bounds;
        listener.Start();
        return bounds ?? throw new InvalidOperationException($"{histogram} advises no bounds");
    }
}
