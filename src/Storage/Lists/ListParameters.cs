using TokenActors.Storage.Databases;

namespace TokenActors.Storage.Lists;

/// <summary>The parameters of one statement, named in the order in which they are used.</summary>
internal sealed class ListParameters(string serviceId)
{
    private readonly List<(string Name, object? Value)> _all = [("service", serviceId)];

    public IReadOnlyList<(string Name, object? Value)> All => _all;

    /// <summary>Adds a value, and returns what stands for it in the statement.</summary>
    public string Add(object value)
    {
        var name = $"p{_all.Count}";
        _all.Add((name, value));
        return "@" + name;
    }

    /// <summary>What stands behind ORDER BY for a page.</summary>
    public string Limit(SqlText sql, long offset, int limit) => sql["list_limit"]
        .Replace("{offset}", Add(offset), StringComparison.Ordinal)
        .Replace("{limit}", Add(limit), StringComparison.Ordinal);
}
