using System.Runtime.CompilerServices;
using TokenActors.Client.Http;

namespace TokenActors.Client.Audit;

/// <summary>A row of the audit trail.</summary>
/// <param name="Number">grows with the trail</param>
/// <param name="At">when</param>
/// <param name="OrganizationId">whose trail it is</param>
/// <param name="Event">what happened, such as <c>token.rotated</c></param>
/// <param name="SubjectKind">to what</param>
/// <param name="SubjectId">the id of that</param>
/// <param name="SubjectVersion">its version after that; of failed log-ons their number</param>
/// <param name="Outcome"><c>done</c>, or why not</param>
/// <param name="CommandId">the command that did it</param>
/// <param name="TokenId">the bearer's token</param>
/// <param name="MemberId">the member behind that</param>
/// <param name="Address">where it came from</param>
/// <param name="UserAgent">the client, as it calls itself</param>
/// <param name="Method">of the call</param>
/// <param name="Path">of the call</param>
/// <param name="Status">of the answer</param>
/// <param name="AccountId">the account that it was about</param>
/// <param name="IntegrationId">the integration that it was about</param>
/// <param name="Chain">proves the row; null in the first minute</param>
/// <param name="Cursor">in an export: where to go on after this row</param>
public sealed record AuditRow(
    long Number, DateTimeOffset At, string OrganizationId, string Event, string SubjectKind, string SubjectId,
    long SubjectVersion,
    string Outcome, string CommandId, string? TokenId, string? MemberId, string? Address, string? UserAgent,
    string? Method,
    string? Path, string? Status, string? AccountId, string? IntegrationId, AuditChain? Chain, string? Cursor);

/// <summary>The link of the chain that holds a row.</summary>
/// <param name="Link">its number</param>
/// <param name="Code">the row's code in it</param>
public sealed record AuditChain(long Link, string Code);

/// <summary><c>/lifecycle/v1/audit</c>: what was done, and what was refused.</summary>
public sealed class AuditClient
{
    private const string Root = $"{ApiGroup.Lifecycle}/audit";

    private readonly ApiGroup _api;

    internal AuditClient(ApiGroup api) => _api = api;

    /// <summary>The trail, newest first or in the order <c>at[asc]</c>.</summary>
    /// <param name="query">filters, order and page; null: all</param>
    public Listing<AuditRow> List(ListQuery? query = null) =>
        _api.Listing(ApiCall.Get(Root), query, ApiGroup.Json.PageAuditRow);

    /// <summary>
    /// The trail from a cursor on, oldest first and without its last minute, each row as the line of JSON that it is:
    /// what <c>verify-audit</c> reads.
    /// </summary>
    /// <param name="cursor">of the last line that was read; null: from the beginning</param>
    /// <param name="filters">as in the list</param>
    /// <param name="cancellation">ends the export</param>
    public async IAsyncEnumerable<string> ExportLines(
        string? cursor = null, IReadOnlyList<string>? filters = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var call = ApiCall.Get(Root).With(new ListQuery { Filters = filters ?? [], After = cursor }, "cursor")
            with
        { Accept = "application/x-ndjson" };
        using var response = await _api.Connection.Open(call, cancellation).ConfigureAwait(false);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false));
        while (await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            yield return line;
        }
    }

    /// <summary>The same, read.</summary>
    /// <param name="cursor">of the last row that was read; null: from the beginning</param>
    /// <param name="filters">as in the list</param>
    /// <param name="cancellation">ends the export</param>
    public async IAsyncEnumerable<AuditRow> Export(
        string? cursor = null, IReadOnlyList<string>? filters = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var line in ExportLines(cursor, filters, cancellation).ConfigureAwait(false))
        {
            yield return ApiConnection.Part(line, ApiGroup.Json.AuditRow);
        }
    }
}
