namespace TokenActors.Storage;

/// <summary>The databases that the service can be kept in.</summary>
public enum DatabaseProvider
{
    Sqlite,
    PostgreSql,
    SqlServer,
}

/// <summary>Configuration section <c>TokenActors:Storage</c>.</summary>
public sealed class StorageOptions
{
    public const string Section = "TokenActors:Storage";

    public DatabaseProvider Provider { get; set; }

    /// <summary>ADO.NET connection string. For SQLite the default is a file in the data directory.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// What is wrong with provider and connection string together. A connection string may hold a password and is not
    /// shown.
    /// </summary>
    public IEnumerable<string> Problems()
    {
        if (Provider != DatabaseProvider.Sqlite && string.IsNullOrWhiteSpace(ConnectionString))
        {
            var example = Provider == DatabaseProvider.PostgreSql
                ? "Host=localhost;Database=tokenactors;Username=tokenactors"
                : "Server=localhost;Database=tokenactors;User Id=tokenactors;Password=...";
            yield return $"{Section}:ConnectionString is empty; {Provider} needs one, such as {example}";
        }
        else if (ConnectionString is { } text && !IsConnectionString(text))
        {
            yield return $"{Section}:ConnectionString (not shown) cannot be read by {Provider}";
        }
    }

    private bool IsConnectionString(string text)
    {
        try
        {
            System.Data.Common.DbConnectionStringBuilder read = Provider switch
            {
                DatabaseProvider.PostgreSql => new Npgsql.NpgsqlConnectionStringBuilder(text),
                DatabaseProvider.SqlServer => new Microsoft.Data.SqlClient.SqlConnectionStringBuilder(text),
                _ => new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(text),
            };
            return read.Count > 0;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException
            or InvalidCastException or OverflowException or KeyNotFoundException)
        {
            return false;
        }
    }
}
