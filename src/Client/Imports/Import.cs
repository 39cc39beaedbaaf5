using System.Text.Json.Serialization;

namespace TokenActors.Client.Imports;

/// <summary>How the keys of another system look.</summary>
/// <param name="Id">its id</param>
/// <param name="Name">by which lines name it, too</param>
/// <param name="Prefix">with which every key begins</param>
/// <param name="Length">characters of a whole key</param>
/// <param name="RandomCharacters">those after the prefix</param>
/// <param name="AcceptLowEntropy">fewer than 20 random characters were accepted</param>
/// <param name="CreatedAt">when it was made</param>
public sealed record ImportScheme(
    string Id, string Name, string Prefix, int Length, int RandomCharacters, bool AcceptLowEntropy, DateTimeOffset CreatedAt);

/// <summary>A scheme that is to be made: with the length of a whole key, or of what comes after the prefix.</summary>
public sealed record NewImportScheme
{
    /// <summary>A slug, unique in the organization.</summary>
    public required string Name { get; init; }

    /// <summary>With which every key begins: 4 to 64 printable characters.</summary>
    public required string Prefix { get; init; }

    /// <summary>Characters of a whole key.</summary>
    public int? Length { get; init; }

    /// <summary>Characters after the prefix.</summary>
    public int? RandomCharacters { get; init; }

    /// <summary>Has to be said where fewer than 20 characters are random.</summary>
    public bool? AcceptLowEntropy { get; init; }
}

/// <summary>The import of many keys, which goes on after its call.</summary>
/// <param name="Id">its id</param>
/// <param name="State"><c>receiving</c>, <c>running</c>, <c>done</c> or <c>stopped</c></param>
/// <param name="Total">how many lines there are</param>
/// <param name="Imported">of them, tokens now</param>
/// <param name="Refused">of them, refused at their turn</param>
/// <param name="TokenId">the token that started it</param>
/// <param name="MemberId">the member behind that</param>
/// <param name="CreatedAt">when it was made</param>
/// <param name="StartedAt">when it was started</param>
/// <param name="EndedAt">when it ended</param>
public sealed record Import(
    string Id, string State, int Total, int Imported, int Refused, string TokenId, string MemberId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    /// <summary>Nothing more will happen.</summary>
    [JsonIgnore]
    public bool IsOver => State is "done" or "stopped";
}

/// <summary>What an import would come to.</summary>
/// <param name="Lines">how many lines there are</param>
/// <param name="WouldImport">how many would become tokens</param>
/// <param name="WouldRefuse">how many would be refused</param>
/// <param name="Refusals">the first hundred of them</param>
public sealed record ImportPlan(int Lines, int WouldImport, int WouldRefuse, IReadOnlyList<ImportResult> Refusals);

/// <summary>What became of a line.</summary>
/// <param name="Line">its number in the file, from 1</param>
/// <param name="State"><c>imported</c> or <c>refused</c></param>
/// <param name="Id">the token</param>
/// <param name="Status">the HTTP status that says the same of one token; 409 for a key that is imported already</param>
/// <param name="Detail">why it was refused</param>
public sealed record ImportResult(int Line, string State, string? Id, int? Status, string? Detail);
