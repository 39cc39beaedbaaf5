namespace TokenActors.Storage;

/// <summary>Configuration section <c>TokenActors:Storage</c>.</summary>
public sealed class StorageOptions
{
    public const string Section = "TokenActors:Storage";
    public const string Sqlite = "Sqlite";
    public const string PostgreSql = "PostgreSql";

    public string Provider { get; set; } = Sqlite;

    /// <summary>ADO.NET connection string. For SQLite the default is a file in the data directory.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Everything that is wrong, each with the key, the value (never of a connection string, which may hold a password) and the rule.</summary>
    public IEnumerable<string> Problems()
    {
        if (Provider is not (Sqlite or PostgreSql))
        {
            yield return $"{Section}:Provider is '{Provider}'; it must be {Sqlite} or {PostgreSql}";
        }

        if (Provider == PostgreSql && string.IsNullOrWhiteSpace(ConnectionString))
        {
            yield return $"{Section}:ConnectionString is empty; {PostgreSql} needs one, such as Host=localhost;Database=tokenactors;Username=tokenactors";
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
            System.Data.Common.DbConnectionStringBuilder read = Provider == PostgreSql
                ? new Npgsql.NpgsqlConnectionStringBuilder(text)
                : new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(text);
            return read.Count > 0;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }
}
