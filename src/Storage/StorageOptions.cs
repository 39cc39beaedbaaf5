namespace TokenActors.Storage;

/// <summary>Configuration section <c>TokenActors:Storage</c>.</summary>
public sealed class StorageOptions
{
    public const string Section = "TokenActors:Storage";
    public const string Sqlite = "Sqlite";
    public const string PostgreSql = "PostgreSql";

    public const string SqlServer = "SqlServer";

    public string Provider { get; set; } = Sqlite;

    /// <summary>ADO.NET connection string. For SQLite the default is a file in the data directory.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Everything that is wrong, each with the key, the value (never of a connection string, which may hold a password) and the rule.</summary>
    public IEnumerable<string> Problems()
    {
        if (Provider is not (Sqlite or PostgreSql or SqlServer))
        {
            yield return $"{Section}:Provider is '{Provider}'; it must be {Sqlite}, {PostgreSql} or {SqlServer}";
        }

        if (Provider is PostgreSql or SqlServer && string.IsNullOrWhiteSpace(ConnectionString))
        {
            var example = Provider == PostgreSql ? "Host=localhost;Database=tokenactors;Username=tokenactors" : "Server=localhost;Database=tokenactors;User Id=tokenactors;Password=...";
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
                PostgreSql => new Npgsql.NpgsqlConnectionStringBuilder(text),
                SqlServer => new Microsoft.Data.SqlClient.SqlConnectionStringBuilder(text),
                _ => new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(text),
            };
            return read.Count > 0;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }
}
