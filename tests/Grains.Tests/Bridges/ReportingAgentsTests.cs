using TokenActors.Grains.Abstractions.Bridges;
using TokenActors.Grains.Bridges;

namespace TokenActors.Grains.Tests.Bridges;

/// <summary>Which agents of a bridge are shown: those that have reported within a minute, and no more than there may
/// be.</summary>
public sealed class ReportingAgentsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ReportingAgents _agents = new();

    private static AgentReport Report(string agent, string version = "1") =>
        new() { AgentId = agent, Version = version };

    private string Shown(DateTimeOffset at) =>
        string.Join(' ', _agents.At(at).Select(agent => $"{agent.Report.AgentId}.{agent.Report.Version}"));

    [Fact]
    public void Each_agent_is_shown_once_with_its_last_report_and_in_order()
    {
        Assert.True(_agents.TryTake(Report("b"), Start));
        Assert.True(_agents.TryTake(Report("B"), Start));
        Assert.True(_agents.TryTake(Report("a"), Start));
        Assert.True(_agents.TryTake(Report("b", "2"), Start.AddSeconds(1)));
        Assert.Equal("B.1 a.1 b.2", Shown(Start.AddSeconds(1)));
        Assert.Equal(Start.AddSeconds(1), _agents.At(Start.AddSeconds(1))[^1].At);
    }

    [Fact]
    public void An_agent_that_is_silent_for_a_minute_is_not_shown()
    {
        _agents.TryTake(Report("a"), Start);
        _agents.TryTake(Report("b"), Start.AddSeconds(30));
        Assert.Equal("a.1 b.1", Shown(Start.AddMinutes(1).AddTicks(-1)));
        Assert.Equal("b.1", Shown(Start.AddMinutes(1)));
        Assert.Equal("", Shown(Start.AddSeconds(90)));
    }

    [Fact]
    public void With_as_many_as_there_may_be_a_new_one_is_refused_until_another_falls_silent()
    {
        for (var i = 0; i < ReportingAgents.Most; i++)
        {
            Assert.True(_agents.TryTake(Report($"a{i}"), Start.AddMilliseconds(i)));
        }

        Assert.False(_agents.TryTake(Report("new"), Start.AddSeconds(59)));
        Assert.True(_agents.TryTake(Report("a1", "2"), Start.AddSeconds(59)));
        Assert.False(_agents.TryTake(Report("new"), Start.AddMinutes(1).AddTicks(-1)));
        Assert.True(_agents.TryTake(Report("new"), Start.AddMinutes(1)));
        Assert.False(_agents.TryTake(Report("newer"), Start.AddMinutes(1)));
    }
}
