namespace TokenActors.Testing;

/// <summary>A test that needs PostgreSQL; skipped by name where there is none.</summary>
public sealed class PostgreSqlFactAttribute : FactAttribute
{
    public PostgreSqlFactAttribute() => Skip = PostgreSqlServer.Missing;
}
