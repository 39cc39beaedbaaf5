using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tokens;

/// <summary>Replays of one token that disable nothing: they leave an audit row, at most one a minute.</summary>
internal sealed class ReuseAudit(IRecordStore store, TimeProvider time)
{
    private static readonly TimeSpan AuditedEvery = TimeSpan.FromMinutes(1);

    private DateTimeOffset _auditedAt;

    public async Task Note(RecordKey token, TokenState state, CallContext context)
    {
        var now = time.GetUtcNow();
        if (now - _auditedAt < AuditedEvery)
        {
            return;
        }

        _auditedAt = now;
        GrainTelemetry.Happened(GrainTelemetry.Words.Of(TokenEvent.ReuseDetected));
        await store.Append(AuditEntries.Of(
            token,
            context,
            context.CommandId.ToString("N"),
            state.OrganizationId.ToString(),
            TokenSteps.EventName(TokenEvent.ReuseDetected),
            state.Version,
            now,
            outcome: "refused"));
    }
}
