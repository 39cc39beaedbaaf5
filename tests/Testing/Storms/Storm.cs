using System.Data.Common;
using System.Diagnostics;
using System.Globalization;

namespace TokenActors.Testing.Storms;

/// <summary>
/// Deliveries under faults to endpoints of three organizations, a third of which never take anything: clients change
/// things while the service is hurt, and in the end every endpoint that takes anything has everything that the audit
/// trail has of its organization, in order and under one id each, and nothing of another's.
/// </summary>
/// <param name="url">where the service is now</param>
/// <param name="admin">a bearer who may all of it, in an organization that may have suborganizations</param>
/// <param name="organizationId">the bearer's organization</param>
/// <param name="connect">opens the service's database</param>
public sealed class Storm(Func<string> url, string admin, string organizationId, Func<DbConnection> connect)
{
    private const int Organizations = 3;
    private const int Endpoints = 50;
    private const int ClientsOfEach = 2;

    private static readonly TimeSpan DrainedWithin = TimeSpan.FromMinutes(3);

    /// <summary>Settings of every process of the service: a schedule in seconds, and the loopback is let
    /// through.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(
        Enumerable.Range(0, 20).Select(i => KeyValuePair.Create(
            $"TokenActors__Webhooks__Delays__{i}", string.Create(CultureInfo.InvariantCulture, $"{Math.Min(i, 15)}s"))))
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
    /// <param name="deliveries">about how many, over all endpoints, also those that take nothing</param>
    /// <param name="faults">each is begun when half of its share of the changes is made, and ends when it is
    /// healed</param>
    public async Task<(IReadOnlyList<string> Violations, string Figures)> Run(
        int deliveries, IReadOnlyList<Func<Task>> faults)
    {
        await using var receiver = await StormReceiver.Start(
            Enumerable.Range(0, Endpoints).Select(i => new StormEndpoint(i * Organizations / Endpoints, MannerOf(i))));
        using var root = new StormClients(url, admin, organizationId);
        using var second = await root.Suborganization();
        using var third = await root.Suborganization();
        StormClients[] clients = [root, second, third];
        foreach (var (organization, endpoint) in receiver.Urls)
        {
            await clients[organization].Listen(endpoint);
        }

        var began = Stopwatch.GetTimestamp();
        var changes = Math.Max(1, (int)Math.Ceiling(deliveries / (double)Endpoints / (2 * faults.Count)));
        await Change(clients, changes, faults);
        var changed = Stopwatch.GetElapsedTime(began);
        var noted = await Noted(clients);
        var drained = await IsTrue(() => receiver.Missing(noted) == 0);
        List<string> violations =
            [.. clients.SelectMany((each, i) => each.Violations(noted[i])), .. receiver.Violations(noted)];
        if (!drained)
        {
            violations.Insert(0, $"{receiver.Missing(noted)} deliveries are missing");
        }

        var took = Stopwatch.GetElapsedTime(began);
        return (violations, string.Create(
            CultureInfo.InvariantCulture,
            $"{noted.Sum(each => each.Count)} events of {Organizations} organizations to {Endpoints} endpoints "
            + $"({receiver.Refusing} never take any), {receiver.Owed(noted)} deliveries owed, {receiver.Deliveries} taken in "
            + $"{took.TotalSeconds:f1} s, of these {(took - changed).TotalSeconds:f1} s after the last change; "
            + $"{receiver.Requests} requests, {receiver.Duplicates} duplicates, {faults.Count} faults, "
            + $"{clients.Sum(each => each.Repeats)} repeated calls, {violations.Count} violations"));
    }

    /// <summary>Every third takes nothing, each in another manner than the next of these.</summary>
    private static StormManner MannerOf(int i) => (i % 3, i % 9) switch
    {
        (0, _) => StormManner.Fails + (i / 3 % (StormManner.Floods - StormManner.Fails + 1)),
        (_, 2) => StormManner.FailsAtFirst,
        (_, 5) => StormManner.DropsAtFirst,
        (_, 8) => StormManner.HangsAtFirst,
        _ => StormManner.Works,
    };

    /// <summary>So many changes of each organization before each fault, and as many while it lasts.</summary>
    private static async Task Change(StormClients[] clients, int changes, IReadOnlyList<Func<Task>> faults)
    {
        var due = 0;
        using var stop = new CancellationTokenSource();
        var running = Task.WhenAll(clients.Select(each => each.Run(ClientsOfEach, stop.Token)));
        foreach (var fault in faults)
        {
            Allow();
            await Answered(due, clients, running);
            Allow();
            await fault();
            await Answered(due, clients, running);
        }

        await stop.CancelAsync();
        await running;

        void Allow()
        {
            due += changes;
            foreach (var each in clients)
            {
                each.Allow(changes);
            }
        }
    }

    private static async Task Answered(int changes, StormClients[] clients, Task running)
    {
        if (!await IsTrue(() => clients.All(each => each.Answered >= changes) || running.IsCompleted))
        {
            throw new TimeoutException($"{clients.Min(each => each.Answered)} of {changes} changes were answered");
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

    /// <summary>
    /// What the audit trail has of tokens and accounts that clients made, by organization, since the endpoints are
    /// there.
    /// </summary>
    private async Task<IReadOnlyList<IReadOnlySet<StormChange>>> Noted(StormClients[] clients)
    {
        var noted = clients.ToDictionary(each => each.OrganizationId, _ => new HashSet<StormChange>());
        await using var connection = connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT a.organization_id, a.subject_id, a.subject_version, a.event FROM audit a "
            + "WHERE a.number > (SELECT MAX(number) FROM audit WHERE event = 'event_endpoint.created')";
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var change = new StormChange(rows.GetString(1), rows.GetInt64(2), rows.GetString(3));
            if (StormClients.Types.Contains(change.Type))
            {
                noted[rows.GetString(0)].Add(change);
            }
        }

        return [.. clients.Select(each => noted[each.OrganizationId])];
    }
}
