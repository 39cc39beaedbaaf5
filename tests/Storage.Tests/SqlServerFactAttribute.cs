using Microsoft.Data.SqlClient;

namespace TokenActors.Storage.Tests;

/// <summary>A test that needs a SQL Server: <c>TOKENACTORS_SQLSERVER</c> holds a connection string that may create
/// databases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SqlServerFactAttribute : FactAttribute
{
    private const string Variable = "TOKENACTORS_SQLSERVER";

    public SqlServerFactAttribute() => Skip =
        Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 }
            ? $"no SQL Server is given ({Variable})"
            : null;

    /// <summary>A connection string to a new, empty database.</summary>
    public static string NewDatabase()
    {
        var server = Environment.GetEnvironmentVariable(Variable)!;
        var name = $"t{Guid.NewGuid():N}";
        using var connection = new SqlConnection(server);
        connection.Open();
        using var create = connection.CreateCommand();
        create.CommandText = $"CREATE DATABASE {name}";
        create.ExecuteNonQuery();
        return new SqlConnectionStringBuilder(server) { InitialCatalog = name }.ToString();
    }
}
