using TokenActors.Hosting.Configuration;

namespace TokenActors.Silo.Operations;

/// <summary>Says what only the database's server can say, and writes nothing.</summary>
internal static class DatabaseInspection
{
    /// <exception cref="InvalidOperationException">something is not as the service needs it</exception>
    public static async Task Run(ServiceOptions options)
    {
        await using var store = await OperatorStore.Open(options);
        var facts = await store.CheckDatabase(TimeProvider.System);
        foreach (var fact in facts)
        {
            Console.WriteLine($"{(fact.Problem is null ? "ok   " : "WRONG")} {fact.What}: {fact.Value}");
            if (fact.Problem is { } problem)
            {
                Console.WriteLine($"  {problem}");
            }
        }

        var wrong = facts.Where(fact => fact.Problem is not null).Select(fact => fact.What).ToList();
        if (wrong.Count > 0)
        {
            throw new InvalidOperationException($"Not as it must be: {string.Join(", ", wrong)}.");
        }
    }
}
