using TokenActors.Storage.Records;

namespace TokenActors.Storage.Databases;

/// <summary>Receives the parameters of one statement, always the same ones in the same order.</summary>
internal interface IParameters
{
    void Add(string name, string? value);

    void Add(string name, long? value);

    void Add(string name, byte[]? value);
}

/// <summary>Parameters for a command that is executed once.</summary>
internal sealed class ParameterList : List<(string Name, object? Value)>, IParameters
{
    public void Add(string name, string? value) => Add((name, value ?? (object)Null.Text));

    public void Add(string name, long? value) => Add((name, value ?? (object)Null.Number));

    public void Add(string name, byte[]? value) => Add((name, value ?? (object)Null.Bytes));
}

/// <summary>The parameters of the statements that write rows, each name once.</summary>
internal static class Parameters
{
    public static (string Name, object? Value)[] Of(string serviceId, Commit commit) =>
        List(list => list.Add(serviceId, commit));

    public static (string Name, object? Value)[] Of(string serviceId, AuditEntry entry) =>
        List(list => list.Add(serviceId, entry));

    public static (string Name, object? Value)[] Of(string serviceId, UsageUpdate usage) =>
        List(list => list.Add(serviceId, usage));

    public static void Add(this IParameters to, string serviceId, RecordKey key)
    {
        to.Add("service", serviceId);
        to.Add("kind", key.Kind);
        to.Add("id", key.Id);
    }

    public static void Add(this IParameters to, string serviceId, Commit commit)
    {
        to.Add("service", serviceId);
        to.Add("expected", commit.ExpectedVersion);
        to.Add(RecordColumns.OfInsert, commit.Record);
    }

    public static void Add(this IParameters to, string serviceId, AuditEntry entry)
    {
        to.Add("service", serviceId);
        to.Add(AuditColumns.OfInsert, entry);
    }

    public static (string Name, object? Value)[] OfEvent(string serviceId, AuditEntry entry) =>
        List(list => list.AddEvent(serviceId, entry));

    public static (string Name, object? Value)[] OfDelivery(string serviceId, EventPayload payload, string endpoint) =>
        List(list => list.AddDelivery(serviceId, payload, endpoint));

    /// <summary>The event of an audit entry that has a payload.</summary>
    public static void AddEvent(this IParameters to, string serviceId, AuditEntry entry)
    {
        to.Add("service", serviceId);
        to.Add(EventColumns.OfInsert, entry);
    }

    public static void AddDelivery(this IParameters to, string serviceId, EventPayload payload, string endpoint)
    {
        to.Add("service", serviceId);
        to.Add("endpoint", endpoint);
        to.Add("event", payload.Id.ToString("N"));
    }

    public static void Add(this IParameters to, string serviceId, UsageUpdate usage)
    {
        to.Add("service", serviceId);
        to.Add(UsageColumns.OfUpdate, usage);
    }

    public static void Add<TRow>(this IParameters to, IReadOnlyList<Column<TRow>> columns, TRow row)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            columns[i].AddTo(to, row);
        }
    }

    private static (string Name, object? Value)[] List(Action<IParameters> fill)
    {
        ParameterList list = [];
        fill(list);
        return [.. list];
    }
}
