using System.Data.Common;
using System.Diagnostics;
using System.Globalization;

namespace TokenActors.Testing.Storms;

/// <summary>
/// Deliveries under faults: clients change things while the service is hurt, and in the end every endpoint that takes
/// anything has everything that the audit trail has, in order and under one id each.
/// </summary>
/// <param name="url">where the service is now</param>
/// <param name="admin">a bearer who may all of it</param>
/// <param name="organizationId">the bearer's organization</param>
/// <param name="connect">opens the service's database</param>
public sealed class Storm(Func<string> url, string admin, string organizationId, Func<DbConnection> connect)
{
    private const int Clients = 6;

    private static readonly TimeSpan DrainedWithin = TimeSpan.FromMinutes(3);

    private static readonly StormManner[] Manners =
    [
        .. Enumerable.Repeat(StormManner.Works, 13), StormManner.FailsAtFirst, StormManner.FailsAtFirst,
        StormManner.DropsAtFirst, StormManner.HangsAtFirst, StormManner.Fails, StormManner.Drops, StormManner.Hangs,
    ];


    /// <summary>Settings of every process of the service: a schedule in seconds, and the loopback is let through.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(
        Enumerable.Range(0, 60).Select(i => KeyValuePair.Create($"TokenActors__Webhooks__Delays__{i}", i == 0 ? "0s" : "1s")))
    {
        ["TokenActors__Webhooks__AllowHttp"] = "true",
        ["TokenActors__Webhooks__AllowedNetworks__0"] = "127.0.0.0/8",
        ["TokenActors__Webhooks__SweepEvery"] = "500ms",
        ["TokenActors__Webhooks__Timeout"] = "2s",
    };

    /// <summary>How many deliveries; more by <c>TOKENACTORS_STORM</c>.</summary>
    public static int DeliveriesOr(int usual) => int.Parse(
        Environment.GetEnvironmentVariable("TOKENACTORS_STORM") is { Length: > 0 } set ? set : $"{usual}", CultureInfo.InvariantCulture);

    /// <returns>what was wrong, and the figures</returns>
    /// <param name="deliveries">about how many, over all endpoints</param>
    /// <param name="faults">each is begun when half of its share of the changes is made, and ends when it is healed</param>
    public async Task<(IReadOnlyList<string> Violations, string Figures)> Run(int deliveries, IReadOnlyList<Func<Task>> faults)
    {
        await using var receiver = await StormReceiver.Start(Manners);
        using var clients = new StormClients(url, admin, organizationId);
        foreach (var endpoint in receiver.Urls)
        {
            await clients.Listen(endpoint);
        }

        var began = Stopwatch.GetTimestamp();
        var changes = Math.Max(1, deliveries / Manners.Length / (2 * faults.Count));
        var due = 0;
        using var stop = new CancellationTokenSource();
        var running = clients.Run(Clients, stop.Token);
        foreach (var fault in faults)
        {
            clients.Allow(changes);
            due += changes;
            await Answered(due, clients, running);
            clients.Allow(changes);
            due += changes;
            await fault();
            await Answered(due, clients, running);
        }

        await stop.CancelAsync();
        await running;
        var changed = Stopwatch.GetElapsedTime(began);
        var noted = await Noted();
        var drained = await IsTrue(() => receiver.Missing(noted) == 0);
        List<string> violations = [.. clients.Violations(noted), .. receiver.Violations(noted)];
        if (!drained)
        {
            violations.Insert(0, $"{receiver.Missing(noted)} deliveries are missing");
        }

        var took = Stopwatch.GetElapsedTime(began);
        return (violations, string.Create(
            CultureInfo.InvariantCulture,
            $"{noted.Count} events to {Manners.Length} endpoints, {receiver.Deliveries} deliveries in {took.TotalSeconds:f1} s, of these "
            + $"{(took - changed).TotalSeconds:f1} s after the last change; {receiver.Requests} requests, {receiver.Duplicates} "
            + $"duplicates, {faults.Count} faults, {clients.Repeats} repeated calls, {violations.Count} violations"));
    }

    private static async Task Answered(int changes, StormClients clients, Task running)
    {
        if (!await IsTrue(() => clients.Answered >= changes || running.IsCompleted))
        {
            throw new TimeoutException($"{clients.Answered} of {changes} changes were answered");
        }

        if (running.IsCompleted)
        {
            await running;
        }
    }

    private static async Task<bool> IsTrue(Func<bool> condition)
    {
        var since = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(since) > DrainedWithin)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        return true;
    }

    /// <summary>What the audit trail has of tokens and accounts that clients made, since the service was bootstrapped.</summary>
    private async Task<HashSet<StormChange>> Noted()
    {
        HashSet<StormChange> noted = [];
        await using var connection = connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT a.subject_id, a.subject_version, a.event FROM audit a WHERE a.number > "
            + "(SELECT MAX(number) FROM audit WHERE event = 'event_endpoint.created')";
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var change = new StormChange(rows.GetString(0), rows.GetInt64(1), rows.GetString(2));
            if (StormClients.Types.Contains(change.Type))
            {
                noted.Add(change);
            }
        }

        return noted;
    }
}
