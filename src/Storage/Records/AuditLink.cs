namespace TokenActors.Storage.Records;

/// <summary>
/// One link of the audit chain: the codes (MACs) of a range of rows, and one over them and the previous link.
/// </summary>
/// <param name="Number">1 for the first</param>
/// <param name="First">number of the first row of its range; numbers may have gaps</param>
/// <param name="Last">number of the last row of its range</param>
/// <param name="PepperId">the pepper that the chain's key is derived from</param>
/// <param name="RowCodes">24 bytes for each row: its number, and the first half of its HMAC</param>
/// <param name="Code">the code over all of it and the previous link, in a form that it names (see LinkForms)</param>
public sealed record AuditLink(long Number, long First, long Last, string PepperId, byte[] RowCodes, byte[] Code);
