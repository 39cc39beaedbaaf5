namespace TokenActors.Storage.Secrets;

/// <summary>Records of one kind that hold digests or texts under a pepper.</summary>
/// <param name="Kind">the records' kind</param>
/// <param name="Count">how many there are</param>
/// <param name="LastEnd">when the last of them ends; null where none does by itself</param>
/// <param name="Endless">how many do not end by themselves</param>
public sealed record PepperUse(string Kind, long Count, DateTimeOffset? LastEnd, long Endless);

/// <summary>A pepper that the database knows.</summary>
/// <param name="Id">its id</param>
/// <param name="KeptUnder">the pepper that its key is sealed under; null where the database has a check value
/// only</param>
/// <param name="Uses">what is stored under it</param>
/// <param name="Links">how many links of the audit trail were made under it</param>
/// <param name="ImportedKeys">how many entries of the index of imported keys are under it</param>
public sealed record KnownPepper(
    string Id, string? KeptUnder, IReadOnlyList<PepperUse> Uses, long Links, long ImportedKeys);
