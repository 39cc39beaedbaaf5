using System.Collections.Immutable;
using TokenActors.Grains.Abstractions.Bridges;

namespace TokenActors.Grains.Bridges;

/// <summary>
/// The agents of a bridge that have reported within a minute, each with its last report. Belongs to one grain, whose
/// turns are the only ones that use it.
/// </summary>
internal sealed class ReportingAgents
{
    public const int Most = 100;

    public static readonly TimeSpan Shown = TimeSpan.FromMinutes(1);

    private readonly SortedDictionary<string, AgentStatus> _agents = new(StringComparer.Ordinal);

    /// <summary>Takes a report in place of the agent's last; false where there are as many agents as there may
    /// be.</summary>
    public bool TryTake(AgentReport report, DateTimeOffset now)
    {
        if (!_agents.ContainsKey(report.AgentId))
        {
            Forget(now);
            if (_agents.Count >= Most)
            {
                return false;
            }
        }

        _agents[report.AgentId] = new AgentStatus { Report = report, At = now };
        return true;
    }

    public ImmutableArray<AgentStatus> At(DateTimeOffset now)
    {
        Forget(now);
        return [.. _agents.Values];
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var silent in _agents.Where(agent => now - agent.Value.At >= Shown).ToList())
        {
            _agents.Remove(silent.Key);
        }
    }
}
