using System.Globalization;

namespace TokenActors.Storage.Databases;

/// <summary>The schema lacks a migration of this program. The migration may still be running.</summary>
public sealed class SchemaBehindException(int number)
    : Exception(string.Create(
        CultureInfo.InvariantCulture,
        $"The database's schema lacks migration {number} of this program. Run the silo program with --migrate."));
