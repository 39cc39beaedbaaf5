using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq.Expressions;
using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <summary>A call with its answer.</summary>
internal sealed class Call<T>(bool interleaves, Func<object, Task<T>> invoke) : Request(interleaves)
{
    private readonly Activity? _caller = Activity.Current;
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => _answer.Task;

    public override async Task Run(object grain)
    {
        try
        {
            Activity.Current = _caller;
            _answer.TrySetResult(await invoke(grain));
        }
        catch (Exception e)
        {
            _answer.TrySetException(e);
        }
    }

    public override void Fail(Exception exception) => _answer.TrySetException(exception);
}

/// <summary>What stands for a grain in its callers' hands: turns method calls into requests.</summary>
#pragma warning disable CA1852 // DispatchProxy derives from it at run time
internal class GrainReference : DispatchProxy
#pragma warning restore CA1852
{
    private delegate object Sender(LocalRuntime runtime, GrainId id, object?[] arguments);

    private static readonly ConcurrentDictionary<MethodInfo, Sender> Senders = [];

    private LocalRuntime _runtime = null!;
    private GrainId _id;

    public void Bind(LocalRuntime runtime, GrainId id) => (_runtime, _id) = (runtime, id);

    public TGrainInterface As<TGrainInterface>()
        where TGrainInterface : IAddressable => _runtime.Reference<TGrainInterface>(_id);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        Senders.GetOrAdd(targetMethod!, MakeSender)(_runtime, _id, args ?? []);

    private static Sender MakeSender(MethodInfo method)
    {
        var interleaves = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        if (method.ReturnType == typeof(Task))
        {
            var invoke = Compile<Task>(method);
            return (runtime, id, arguments) => Send<object?>(runtime, id, interleaves, async grain =>
            {
                await invoke(grain, arguments);
                return null;
            });
        }

        var result = method.ReturnType.GetGenericArguments()[0];
        return (Sender)typeof(GrainReference).GetMethod(nameof(MakeTypedSender), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(result).Invoke(null, [method, interleaves])!;
    }

    private static Sender MakeTypedSender<T>(MethodInfo method, bool interleaves)
    {
        var invoke = Compile<Task<T>>(method);
        return (runtime, id, arguments) => Send(runtime, id, interleaves, grain => invoke(grain, arguments));
    }

    private static Task<T> Send<T>(LocalRuntime runtime, GrainId id, bool interleaves, Func<object, Task<T>> invoke)
    {
        var call = new Call<T>(interleaves, invoke);
        runtime.Send(id, call);
        return call.Answer.IsCompleted ? call.Answer : call.Answer.WaitAsync(runtime.ResponseTimeout, runtime.Time);
    }

    private static Func<object, object?[], TTask> Compile<TTask>(MethodInfo method)
    {
        var grain = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(object?[]));
        var call = Expression.Call(
            Expression.Convert(grain, method.DeclaringType!),
            method,
            method.GetParameters().Select((parameter, i) =>
                Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(i)), parameter.ParameterType)));
        return Expression.Lambda<Func<object, object?[], TTask>>(call, grain, arguments).Compile();
    }
}
