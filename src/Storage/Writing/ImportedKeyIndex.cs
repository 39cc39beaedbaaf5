using TokenActors.Storage.Records;

namespace TokenActors.Storage.Writing;

/// <summary>Reads the index of imported keys, which commits of tokens write.</summary>
internal sealed class ImportedKeyIndex(Queries queries) : IImportedKeys
{
    public async Task<string?> Find(string organizationId, IReadOnlyList<ImportedKey> keys)
    {
        foreach (var key in keys)
        {
            if (await queries.One(
                "imported_key", row => row.GetString(0),
                ("organization_id", organizationId), ("scheme", key.Scheme), ("pepper", key.PepperId), ("digest", key.Digest)) is { } id)
            {
                return id;
            }
        }

        return null;
    }

    public async Task<long> CountOf(string organizationId, string scheme) =>
        (await queries.Many(
            "imported_keys_of_scheme", row => row.GetInt64(1), ("organization_id", organizationId), ("scheme", scheme)))[0];
}
