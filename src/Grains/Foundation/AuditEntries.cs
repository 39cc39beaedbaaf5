using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Foundation;

/// <summary>The audit entry of a command: who, what, on what and from where.</summary>
internal static class AuditEntries
{
    public static AuditEntry Of(
        RecordKey subject,
        CallContext? context,
        string commandId,
        string organizationId,
        string eventName,
        long version,
        DateTimeOffset at,
        string outcome = "done",
        (Guid? AccountId, Guid? IntegrationId) about = default) => new()
        {
            OrganizationId = organizationId,
            At = at,
            Event = eventName,
            Subject = subject,
            SubjectVersion = version,
            CommandId = commandId,
            ActorTokenId = context?.Caller?.TokenId.ToString(),
            ActorMemberId = context?.Caller?.MemberId.ToString(),
            RemoteAddress = context?.Origin?.RemoteAddress,
            UserAgent = context?.Origin?.UserAgent,
            Method = context?.Origin?.Method,
            Path = context?.Origin?.Path,
            Code = context?.Origin?.Code,
            AccountId = about.AccountId?.ToString(),
            IntegrationId = about.IntegrationId?.ToString(),
            Outcome = outcome,
        };
}
