using TokenActors.Storage.Records;
using static TokenActors.Storage.Databases.RecordColumns;

namespace TokenActors.Storage.Databases;

/// <summary>Takes the parameters of one statement, always the same ones in the same order.</summary>
internal interface IParameters
{
    void Add(string name, string? value);

    void Add(string name, long? value);

    void Add(string name, byte[]? value);
}

/// <summary>Parameters for a command that is made for one use.</summary>
internal sealed class ParameterList : List<(string Name, object? Value)>, IParameters
{
    public void Add(string name, string? value) => Add((name, value));

    public void Add(string name, long? value) => Add((name, value));

    public void Add(string name, byte[]? value) => Add((name, value));
}

/// <summary>The parameters of the statements that write rows, each name once.</summary>
internal static class Parameters
{
    public static (string Name, object? Value)[] Of(string serviceId, Commit commit) => List(list => list.Add(serviceId, commit));

    public static (string Name, object? Value)[] Of(string serviceId, AuditEntry entry) => List(list => list.Add(serviceId, entry));

    public static (string Name, object? Value)[] Of(string serviceId, UsageUpdate usage) => List(list => list.Add(serviceId, usage));

    public static void Add(this IParameters to, string serviceId, RecordKey key)
    {
        to.Add("service", serviceId);
        to.Add("kind", key.Kind);
        to.Add("id", key.Id);
    }

    public static void Add(this IParameters to, string serviceId, Commit commit)
    {
        var r = commit.Record;
        to.Add(serviceId, r.Key);
        to.Add("expected", commit.ExpectedVersion);
        to.Add("version", r.Version);
        to.Add("command_id", r.CommandId);
        to.Add("state", r.State);
        to.Add("organization_id", r.OrganizationId);
        to.Add("owner_id", r.OwnerId);
        to.Add("parent_id", r.ParentId);
        to.Add("member_id", r.MemberId);
        to.Add("name", r.Name);
        to.Add("name_key", r.NameKey);
        to.Add("status", r.Status);
        to.Add("created_at", Micros(r.CreatedAt));
        to.Add("updated_at", Micros(r.UpdatedAt));
        to.Add("expires_at", Micros(r.ExpiresAt));
        to.Add("due_at", Micros(r.DueAt));
        to.Add("presented_at", Micros(r.PresentedAt));
        to.Add("last_used_at", Micros(r.LastUsedAt));
        to.Add("sealed", r.Sealed);
    }

    public static void Add(this IParameters to, string serviceId, AuditEntry entry)
    {
        to.Add("service", serviceId);
        to.Add("organization_id", entry.OrganizationId);
        to.Add("at", Micros(entry.At));
        to.Add("event", entry.Event);
        to.Add("subject_kind", entry.Subject.Kind);
        to.Add("subject_id", entry.Subject.Id);
        to.Add("subject_version", entry.SubjectVersion);
        to.Add("command_id", entry.CommandId);
        to.Add("actor_token_id", entry.ActorTokenId);
        to.Add("actor_member_id", entry.ActorMemberId);
        to.Add("remote_addr", entry.RemoteAddress);
        to.Add("user_agent", entry.UserAgent);
        to.Add("method", entry.Method);
        to.Add("path", entry.Path);
        to.Add("outcome", entry.Outcome);
        to.Add("code", entry.Code);
        to.Add("account_id", entry.AccountId);
        to.Add("integration_id", entry.IntegrationId);
    }

    public static void Add(this IParameters to, string serviceId, UsageUpdate usage)
    {
        to.Add(serviceId, usage.Key);
        to.Add("version", usage.Version);
        to.Add("last_used_at", Micros(usage.LastUsedAt));
        to.Add("presented_at", Micros(usage.FirstPresentedAt));
        to.Add("erase_sealed", usage.EraseSealed ? 1 : 0);
    }

    private static (string Name, object? Value)[] List(Action<IParameters> fill)
    {
        ParameterList list = [];
        fill(list);
        return [.. list];
    }
}
