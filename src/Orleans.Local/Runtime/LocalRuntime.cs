using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <summary>All activations of the process, and the way to them.</summary>
internal sealed partial class LocalRuntime(IServiceProvider services, LocalSiloOptions options, ILogger<LocalRuntime> logger)
    : IClusterClient, IDisposable
{
    private const int MostReferences = 100_000;

    private readonly ConcurrentDictionary<GrainId, Activation> _activations = [];
    private readonly Dictionary<Type, GrainClass> _byInterface = Discover(options.GrainAssemblies);
    private readonly Dictionary<string, GrainClass> _byType =
        Discover(options.GrainAssemblies).Values.DistinctBy(c => c.TypeName).ToDictionary(c => c.TypeName);

    private readonly ConcurrentDictionary<(Type, string), object> _references = [];
    private ITimer? _collector;
    private long _made;
    private bool _stopping;

    public IServiceProvider Services => services;

    public IServiceProvider ServiceProvider => services;

    /// <summary>Wall time, also where tests drive another clock: a call that hangs must time out.</summary>
    public TimeProvider Time => TimeProvider.System;

    public TimeSpan ResponseTimeout => options.ResponseTimeout;

    public void Start() => _collector = Time.CreateTimer(_ => Collect(), null, options.CollectionQuantum, options.CollectionQuantum);

    public async Task Stop()
    {
        _stopping = true;
        _collector?.Dispose();
        var all = _activations.Values.ToList();
        all.ForEach(activation => activation.Close());
        await Task.WhenAll(all.Select(activation => activation.Gone.Task));
    }

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        var grainClass = _byInterface[typeof(TGrainInterface)];
        return (TGrainInterface)_references.GetOrAdd((typeof(TGrainInterface), grainClass.IsStateless ? "" : primaryKey), _ =>
        {
            Forgetful();
            return Reference<TGrainInterface>(GrainId.Create(grainClass.TypeName, primaryKey));
        });
    }

    public TGrainInterface Reference<TGrainInterface>(GrainId id)
        where TGrainInterface : IAddressable
    {
        var reference = DispatchProxy.Create<TGrainInterface, GrainReference>();
        ((GrainReference)(object)reference).Bind(this, id);
        return reference;
    }

    public void Send(GrainId id, Request request)
    {
        while (!_stopping)
        {
            var activation = _activations.GetOrAdd(id, static (id, runtime) => runtime.NewActivation(id), this);

            // Not by who made it: of two that were made at once, one is never used, and must not activate beside the other.
            activation.Begin();
            if (activation.TryEnqueue(request))
            {
                return;
            }

            // It is closing: wait for its end without holding a thread, then go to its successor.
            if (!activation.Gone.Task.IsCompleted)
            {
                activation.Gone.Task.ContinueWith(_ => Send(id, request), TaskScheduler.Default);
                return;
            }
        }

        request.Fail(new InvalidOperationException("the silo is stopping"));
    }

    public void Forget(Activation activation) => _activations.TryRemove(new(activation.GrainId, activation));

    public void Dispose() => _collector?.Dispose();

    [LoggerMessage(2001, LogLevel.Error, "Grain {GrainId} failed to deactivate")]
    public partial void LogDeactivationFailed(GrainId grainId, Exception exception);

    [LoggerMessage(2002, LogLevel.Error, "A timer of grain {GrainId} failed")]
    public partial void LogTimerFailed(GrainId grainId, Exception exception);

    private Activation NewActivation(GrainId id)
    {
        var grainClass = _byType[id.Type.Name];
        return new Activation(id, this, _ => (Grain)grainClass.Create(services, null));
    }

    /// <summary>References are cached by key; the cache is emptied when it has grown, since a reference costs little to make again.</summary>
    private void Forgetful()
    {
        // Counted beside the dictionary, whose own Count takes all of its locks.
        if (Interlocked.Increment(ref _made) % MostReferences == 0)
        {
            _references.Clear();
        }
    }

    private void Collect()
    {
        foreach (var activation in _activations.Values)
        {
            activation.CloseIfIdle(options.CollectionAge);
        }
    }

    private static Dictionary<Type, GrainClass> Discover(IEnumerable<Assembly> assemblies) =>
    (
        from type in assemblies.SelectMany(assembly => assembly.GetTypes())
        where type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(Grain))
        let grainClass = new GrainClass(
            ActivatorUtilities.CreateFactory(type, []),
            type.GetCustomAttribute<GrainTypeAttribute>()?.GrainType ?? type.Name.ToLowerInvariant(),
            type.IsDefined(typeof(StatelessWorkerAttribute)))
        from contract in type.GetInterfaces()
        where contract.IsAssignableTo(typeof(IGrainWithStringKey)) && contract != typeof(IGrainWithStringKey)
        select (contract, grainClass))
        .GroupBy(x => x.contract)

        // What several classes have in common names none of them.
        .Where(group => group.Count() == 1)
        .ToDictionary(group => group.Key, group => group.Single().grainClass);

    private sealed record GrainClass(ObjectFactory Create, string TypeName, bool IsStateless);
}
