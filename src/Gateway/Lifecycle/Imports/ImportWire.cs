using System.Text.Json.Serialization;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Lifecycle.Tokens;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Grains.Abstractions.Imports;

namespace TokenActors.Gateway.Lifecycle.Imports;

/// <summary>A new scheme on the wire.</summary>
/// <param name="Name">a slug, unique in the organization</param>
/// <param name="Prefix">with which every key begins: 4 to 64 printable characters, none of this service's own</param>
/// <param name="Length">characters of a whole key</param>
/// <param name="RandomCharacters">characters after the prefix, in place of <c>length</c></param>
/// <param name="AcceptLowEntropy">must be true where there are fewer than 20 random characters</param>
internal sealed record NewImportSchemeWire(
    string Name, string Prefix, int? Length, int? RandomCharacters, bool? AcceptLowEntropy);

/// <summary>A scheme of keys that are imported.</summary>
/// <param name="Id">its id</param>
/// <param name="Name">by which lines name it, too</param>
/// <param name="Prefix">with which every key begins</param>
/// <param name="Length">characters of a whole key</param>
/// <param name="RandomCharacters">those after the prefix</param>
/// <param name="AcceptLowEntropy">fewer than 20 random characters were accepted</param>
/// <param name="CreatedAt">when it was made</param>
internal sealed record ImportSchemeWire(
    string Id, string Name, string Prefix, int Length, int RandomCharacters, bool AcceptLowEntropy, DateTimeOffset CreatedAt)
{
    public static ImportSchemeWire From(ImportSchemeView view) => new(
        view.Id.ToString(), view.Name, view.Prefix, view.Length, view.ToScheme().RandomCharacters,
        view.AcceptsLowEntropy,
        view.CreatedAt);
}

/// <summary>All schemes of an organization.</summary>
internal sealed record ImportSchemeList(IReadOnlyList<ImportSchemeWire> Items);

/// <summary>One line of an import on the wire.</summary>
/// <param name="Sha256">SHA-256 of the whole key, in hex or base64</param>
/// <param name="Scheme">name or id of its scheme</param>
/// <param name="LastFour">the key's last four characters</param>
/// <param name="Name">a slug, unique in the organization; absent: the token's id</param>
/// <param name="FullName">how it is shown; absent: the name</param>
/// <param name="PermissionSet">what it may do</param>
/// <param name="Resources">to what it is narrowed; absent: as the bearer</param>
/// <param name="Life">how long it is accepted from its import on; absent: for ever, or as the policy has it</param>
/// <param name="ExpiresAt">until when, in place of <c>life</c></param>
/// <param name="Description">what it is for</param>
/// <param name="Labels">at most 16 of 64 characters</param>
/// <param name="Contact">whom to ask about it</param>
/// <param name="Addresses">at most 32 addresses and CIDR ranges from which it is accepted</param>
/// <param name="Uses">how often it is accepted in all; absent: any number</param>
/// <param name="PerSecond">how often a second it is accepted, in each gateway process</param>
/// <param name="Burst">how often at once</param>
/// <param name="BelongsTo">what it dies with: <c>organization</c> (default), <c>member</c>, or <c>parent</c>, the
/// bearer</param>
internal sealed record ImportLineWire(
    string Sha256, string Scheme, string LastFour, string? Name, string? FullName, string PermissionSet,
    ResourcesWire? Resources,
    string? Life, DateTimeOffset? ExpiresAt, string? Description, IReadOnlyList<string>? Labels, string? Contact,
    IReadOnlyList<string>? Addresses, long? Uses, int? PerSecond, int? Burst, string? BelongsTo);

/// <summary>The import of many keys.</summary>
/// <param name="Id">its id</param>
/// <param name="State"><c>receiving</c>, <c>running</c>, <c>done</c> or <c>stopped</c></param>
/// <param name="Total">how many lines there are</param>
/// <param name="Imported">how many of them are tokens now</param>
/// <param name="Refused">how many were refused at their turn; its results say why</param>
/// <param name="TokenId">the token that started it</param>
/// <param name="MemberId">the member behind that</param>
/// <param name="CreatedAt">when it was made</param>
/// <param name="StartedAt">when it was started</param>
/// <param name="EndedAt">when it ended; it is shown for 30 days</param>
internal sealed record ImportWire(
    string Id, string State, int Total, int Imported, int Refused, string TokenId, string MemberId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    public static ImportWire From(ImportJobView job) => new(
        job.Id.ToString(), job.Status, job.Total, job.Done, job.Refused, job.TokenId.ToString(),
        job.MemberId.ToString(),
        job.CreatedAt, job.StartedAt, job.EndedAt);
}

/// <summary>What an import would come to.</summary>
/// <param name="DryRun">true</param>
/// <param name="Lines">how many lines there are</param>
/// <param name="WouldImport">how many would become tokens</param>
/// <param name="WouldRefuse">how many would be refused</param>
/// <param name="Refusals">the first hundred of them</param>
internal sealed record ImportPlanWire(
    bool DryRun, int Lines, int WouldImport, int WouldRefuse, IReadOnlyList<ImportResultWire> Refusals);

/// <summary>What became of a line.</summary>
/// <param name="Line">its number in the file, from 1</param>
/// <param name="State"><c>imported</c> or <c>refused</c></param>
/// <param name="Id">the token</param>
/// <param name="Status">the HTTP status that says the same of one token; 409 for a key that is imported already</param>
/// <param name="Detail">why it was refused</param>
internal sealed record ImportResultWire(int Line, string State, string? Id, int? Status, string? Detail)
{
    public static ImportResultWire From(ImportLineResult result)
    {
        if (result.Refusal is not { } refusal)
        {
            return new(result.Number, "imported", result.TokenId?.ToString(), null, null);
        }

        // At its turn a life can be out of bounds only since its end has passed.
        var error = refusal == TokenRefusal.LifeOutOfBounds
            ? ApiError.Invalid("expires_at has passed, or life lies outside the bounds of this kind of token")
            : TokenErrors.Of(refusal);
        return new(result.Number, "refused", null, error.Status, error.Message);
    }
}

/// <summary>A page of what became of lines.</summary>
internal sealed record ImportResultPage(IReadOnlyList<ImportResultWire> Items, string? NextCursor);

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(NewImportSchemeWire))]
[JsonSerializable(typeof(ImportSchemeList))]
[JsonSerializable(typeof(ImportLineWire))]
[JsonSerializable(typeof(ImportWire))]
[JsonSerializable(typeof(ImportPlanWire))]
[JsonSerializable(typeof(ImportResultPage))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class ImportsJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static ImportsJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly ImportsJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
