using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Audit;

namespace TokenActors.Gateway.Lifecycle.Audit;

/// <summary>
/// A row of the audit trail. <c>tokenactors-silo verify-audit --file</c> proves it by its code, which covers
/// everything but <c>chain</c> and <c>cursor</c>.
/// </summary>
internal sealed record AuditWire
{
    public required long Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string OrganizationId { get; init; }

    /// <summary>What happened, such as <c>token.rotated</c>.</summary>
    public required string Event { get; init; }

    public required string SubjectKind { get; init; }

    public required string SubjectId { get; init; }

    /// <summary>Version of the subject after that; of failed log-ons their number.</summary>
    public required long SubjectVersion { get; init; }

    /// <summary><c>done</c>, or why not.</summary>
    public required string Outcome { get; init; }

    public required string CommandId { get; init; }

    /// <summary>The bearer's token.</summary>
    public string? TokenId { get; init; }

    public string? MemberId { get; init; }

    public string? Address { get; init; }

    public string? UserAgent { get; init; }

    public string? Method { get; init; }

    public string? Path { get; init; }

    /// <summary>HTTP status.</summary>
    public string? Status { get; init; }

    public string? AccountId { get; init; }

    public string? IntegrationId { get; init; }

    /// <summary>Absent in the first minute.</summary>
    public ChainWire? Chain { get; init; }

    /// <summary>In an export: where to go on after this row.</summary>
    public string? Cursor { get; init; }

    public static AuditWire From(AuditRecord row, string organizationId, string? cursor = null) => new()
    {
        Number = row.Number,
        At = row.At,
        OrganizationId = organizationId,
        Event = row.Event,
        SubjectKind = row.SubjectKind,
        SubjectId = row.SubjectId,
        SubjectVersion = row.SubjectVersion,
        Outcome = row.Outcome,
        CommandId = row.CommandId,
        TokenId = row.TokenId,
        MemberId = row.MemberId,
        Address = row.Address,
        UserAgent = row.UserAgent,
        Method = row.Method,
        Path = row.Path,
        Status = row.Status,
        AccountId = row.AccountId,
        IntegrationId = row.IntegrationId,
        Chain = row is { Link: { } link, Code: { } code } ? new ChainWire(link, code) : null,
        Cursor = cursor,
    };
}

/// <summary>The link of the chain that holds a row, and the row's code in it.</summary>
internal sealed record ChainWire(long Link, string Code);

/// <summary>A page of the trail.</summary>
internal sealed record AuditPageWire(IReadOnlyList<AuditWire> Items, string? NextCursor);

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(AuditPageWire))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class LifecycleAuditJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static LifecycleAuditJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly LifecycleAuditJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
