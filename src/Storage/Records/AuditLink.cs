namespace TokenActors.Storage.Records;

/// <summary>One link: the codes of a range of rows, and one over them and the link before.</summary>
/// <param name="Number">1 for the first</param>
/// <param name="First">number of the first row that may belong to it</param>
/// <param name="Last">number of its last row</param>
/// <param name="PepperId">the server key that it is made under</param>
/// <param name="RowCodes">24 bytes a row: its number, and half of its code</param>
/// <param name="Code">32 bytes</param>
public sealed record AuditLink(long Number, long First, long Last, string PepperId, byte[] RowCodes, byte[] Code);
