using System.Collections.Immutable;

namespace TokenActors.Storage.Records;

/// <summary>
/// What is sent of an audited event, and to whom. It is written in the statement that writes the audit row, so that
/// there is no event without its change and no change without its event.
/// </summary>
/// <param name="Id">of the event, the same for all endpoints</param>
/// <param name="Type">what endpoints know the event as, such as <c>token.rotated</c></param>
/// <param name="Data">a JSON object: what the event is about, without secrets</param>
/// <param name="Resource">the state of the resource after the event, as stored; null where no endpoint is sent
/// it</param>
/// <param name="Endpoints">ids of the endpoints that are sent it; never empty</param>
public sealed record EventPayload(
    Guid Id, string Type, string Data, string? Resource, ImmutableArray<string> Endpoints);
