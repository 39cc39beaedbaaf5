using TokenActors.Storage.Records;

namespace TokenActors.Storage.Outbox;

/// <summary>An event that was written for somebody.</summary>
/// <param name="Number">its place among all events; those of one subject are in the order of its versions</param>
/// <param name="Id">the same for all endpoints and attempts</param>
/// <param name="OrganizationId">whose event it is</param>
/// <param name="At">when it happened</param>
/// <param name="Type">such as <c>token.rotated</c></param>
/// <param name="Subject">what it happened to</param>
/// <param name="SubjectVersion">the subject's version after it</param>
/// <param name="AccountId">the account that it is about; null for none</param>
/// <param name="Data">a JSON object</param>
/// <param name="Resource">the resource's state as stored; null where no endpoint is sent it</param>
public sealed record OutboxEvent(
    long Number, Guid Id, string OrganizationId, DateTimeOffset At, string Type, RecordKey Subject, long SubjectVersion,
    string? AccountId, string Data, string? Resource);
