using System.Data.Common;

namespace TokenActors.Storage.Tests;

/// <summary>A test that needs a SQL Server: <c>TOKENACTORS_SQLSERVER</c> holds a connection string that may create databases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SqlServerFactAttribute : FactAttribute
{
    private const string Variable = "TOKENACTORS_SQLSERVER";

    public SqlServerFactAttribute() => Skip =
        Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } ? $"no SQL Server is given ({Variable})"
        : Driver is null ? "this build has no driver of SQL Server (-p:SqlServer=true)"
        : null;

    private static DbProviderFactory? Driver =>
        (DbProviderFactory?)Type.GetType("Microsoft.Data.SqlClient.SqlClientFactory, Microsoft.Data.SqlClient")?.GetField("Instance")?.GetValue(null);

    /// <summary>A connection string to a new, empty database.</summary>
    public static string NewDatabase()
    {
        var server = Environment.GetEnvironmentVariable(Variable)!;
        var name = $"t{Guid.NewGuid():N}";
        using var connection = Driver!.CreateConnection()!;
        connection.ConnectionString = server;
        connection.Open();
        using var create = connection.CreateCommand();
        create.CommandText = $"CREATE DATABASE {name}";
        create.ExecuteNonQuery();
        return new DbConnectionStringBuilder { ConnectionString = server, ["Database"] = name }.ToString();
    }
}
