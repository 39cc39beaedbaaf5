using System.Text;
using System.Text.Json;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Webhooks;

/// <summary>
/// What an event says: what it is about and who did it, by ids. Who wants to know more asks for it, and is then told
/// what is true by then. Never a secret.
/// </summary>
internal static class EventData
{
    /// <param name="entry">what happened</param>
    /// <param name="record">the row after it; null where none was written</param>
    /// <returns>a JSON object</returns>
    public static string Of(AuditEntry entry, StoredRecord? record)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("id", entry.Subject.Id);
            json.WriteString("kind", entry.Subject.Kind);
            json.WriteNumber("version", entry.SubjectVersion);
            json.WriteString("organization_id", entry.OrganizationId);
            Write(json, "name", record?.Name);
            Write(json, "account_id", entry.AccountId);
            Write(json, "integration_id", entry.IntegrationId);
            Write(json, "member_id", record?.MemberId);
            Write(json, "parent_id", record?.ParentId);
            if (record?.ExpiresAt is { } end)
            {
                json.WriteString("expires_at", end.UtcDateTime);
            }

            if (record?.LastUsedAt is { } used)
            {
                json.WriteString("last_used_at", used.UtcDateTime);
            }

            Write(json, "actor_token_id", entry.ActorTokenId);
            Write(json, "actor_member_id", entry.ActorMemberId);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }
}
