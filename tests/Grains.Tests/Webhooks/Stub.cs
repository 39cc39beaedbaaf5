using System.Reflection;

namespace TokenActors.Grains.Tests.Webhooks;

/// <summary>An interface of which a test answers the calls that it expects, and no other.</summary>
public class Stub : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> _answer = (method, _) => throw new NotSupportedException(method.Name);

    public static T Of<T>(Func<MethodInfo, object?[], object?> answer)
        where T : class
    {
        var made = Create<T, Stub>();
        ((Stub)(object)made)._answer = answer;
        return made;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _answer(targetMethod ?? throw new ArgumentNullException(nameof(targetMethod)), args ?? []);
}
