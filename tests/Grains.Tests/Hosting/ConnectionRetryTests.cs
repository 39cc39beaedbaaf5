using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using TokenActors.Hosting.Clustering;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>A gateway goes on trying to reach its silos, and says where that is of no use.</summary>
public sealed class ConnectionRetryTests
{
    private readonly ClusterConnection _connection = new();

    private Task<bool> Retry(Exception exception, CancellationToken stopping = default) => new ConnectionRetry(
        _connection, Options.Create(new ClusterOptions { ClusterId = "mine" }), NullLogger<ConnectionRetry>.Instance)
        .ShouldRetryConnectionAttempt(exception, stopping);

    [Fact]
    public async Task Silos_of_another_cluster_are_named_with_the_settings()
    {
        using var stopping = new CancellationTokenSource();
        await stopping.CancelAsync();
        await Retry(new InvalidOperationException("outer", new InvalidOperationException("Unexpected cluster id \"theirs\", expected \"mine\"")), stopping.Token);
        Assert.Equal(
            "the silos are of cluster 'theirs' and this gateway of 'mine': TokenActors:Cluster:ServiceId and ClusterId must be the same",
            _connection.Problem);

        // The first is told once.
        await Retry(new InvalidOperationException("Unexpected cluster id \"others\""), stopping.Token);
        Assert.Contains("'theirs'", _connection.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("No silo answers.")]
    [InlineData("Unexpected cluster id")]
    [InlineData("It has an unexpected cluster id \"x\"")]
    public async Task Any_other_reason_may_pass(string reason)
    {
        using var stopping = new CancellationTokenSource();
        await stopping.CancelAsync();
        await Retry(new TimeoutException(reason), stopping.Token);
        Assert.Null(_connection.Problem);
    }

    [Fact]
    public async Task It_ends_with_the_host_and_not_before()
    {
        using var stopping = new CancellationTokenSource();
        var waiting = Retry(new TimeoutException("No silo answers."), stopping.Token);
        Assert.False(waiting.IsCompleted);
        await stopping.CancelAsync();
        Assert.False(await waiting);
        Assert.True(await Retry(new TimeoutException("No silo answers.")));
    }
}
