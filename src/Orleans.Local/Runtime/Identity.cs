using System.Text;

namespace Orleans.Runtime;

/// <summary>The name of a grain class.</summary>
public readonly record struct GrainType(string Name)
{
    public override string ToString() => Name;
}

/// <summary>The key of a grain.</summary>
public readonly record struct IdSpan(string Text)
{
    public override string ToString() => Text;
}

/// <summary>Which grain: its type and key.</summary>
public readonly record struct GrainId(GrainType Type, IdSpan Key)
{
    public static GrainId Create(string type, string key) => new(new GrainType(type), new IdSpan(key));

    /// <summary>Spreads ids over the range of unsigned 32-bit numbers (FNV-1a). Stable in this runtime; not the number that Orleans computes.</summary>
    public uint GetUniformHashCode()
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(ToString()))
        {
            hash = (hash ^ b) * 16777619u;
        }

        return hash;
    }

    public override string ToString() => $"{Type}/{Key}";
}

/// <summary>A timer of an activation; disposing of it ends it.</summary>
public interface IGrainTimer : IDisposable;

/// <summary>What an activation knows of itself.</summary>
public interface IGrainContext
{
    GrainId GrainId { get; }

    IServiceProvider ActivationServices { get; }
}

public enum DeactivationReasonCode
{
    ShuttingDown,
    ActivationIdle,
    ApplicationRequested,
}

/// <summary>Why an activation ends.</summary>
public readonly record struct DeactivationReason(DeactivationReasonCode ReasonCode, string Description);

/// <summary>Which tick of a reminder.</summary>
public readonly record struct TickStatus(DateTime FirstTickTime, TimeSpan Period, DateTime CurrentTickTime);

/// <summary>A registered reminder.</summary>
public interface IGrainReminder
{
    string ReminderName { get; }
}
