using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans;

public interface IAddressable;

public interface IGrain : IAddressable;

public interface IGrainWithStringKey : IGrain;

/// <summary>Receives reminders.</summary>
public interface IRemindable : IGrain
{
    Task ReceiveReminder(string reminderName, TickStatus status);
}

/// <summary>Makes references to grains; making one activates nothing.</summary>
public interface IGrainFactory
{
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;
}

/// <summary>The caller's side of the runtime.</summary>
public interface IClusterClient : IGrainFactory
{
    IServiceProvider ServiceProvider { get; }
}

/// <summary>Base of all grains.</summary>
public abstract class Grain : IAddressable
{
    public IGrainContext GrainContext { get; internal set; } = null!;

    protected IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    protected IGrainFactory GrainFactory => ServiceProvider.GetRequiredService<IGrainFactory>();

    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Drops this activation once its running calls are done; the next call makes a new one.</summary>
    protected void DeactivateOnIdle() => ((Activation)GrainContext).DeactivateOnIdle();
}

/// <summary>Timers of an activation: their turns run between its calls, and they end with it.</summary>
public static class GrainBaseExtensions
{
    public static IGrainTimer RegisterGrainTimer(this Grain grain, Func<Task> callback, TimeSpan dueTime, TimeSpan period) =>
        ((Activation)grain.GrainContext).StartTimer(callback, dueTime, period);
}

/// <summary>What grains ask about themselves.</summary>
public static class GrainExtensions
{
    public static string GetPrimaryKeyString(this Grain grain) => grain.GrainContext.GrainId.Key.ToString();

    public static GrainId GetGrainId(this Grain grain) => grain.GrainContext.GrainId;

    /// <summary>A reference to the same grain by another of its interfaces.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain)
        where TGrainInterface : IAddressable => grain switch
        {
            Grain self => ((LocalRuntime)self.GrainContext.ActivationServices.GetRequiredService<IClusterClient>())
                .Reference<TGrainInterface>(self.GetGrainId()),
            GrainReference reference => reference.As<TGrainInterface>(),
            _ => throw new ArgumentException("neither a grain nor a reference to one", nameof(grain)),
        };
}
