using System.Globalization;
using System.Text;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Lists;

/// <summary>The condition that a row is in a scope.</summary>
internal static class ScopeSql
{
    public static string Of(RecordScope scope, ListParameters parameters)
    {
        StringBuilder where = new("service_id = @service");
        where.Append(
            CultureInfo.InvariantCulture,
            $" AND organization_id = {parameters.Add(scope.OrganizationId)} AND kind = {KindOf(scope, parameters)}");
        if (scope.Listing is { } listing)
        {
            // The planner uses the partial index of listings only where the condition is written as in the index.
            where.Append(
                CultureInfo.InvariantCulture,
                $" AND owner_id = {parameters.Add(listing)} AND name_key IS NULL AND status = 'live'");
        }
        else
        {
            // What lives, as it is written in the partial indexes that serve it.
            where.Append(scope.UnnamedToo ? " AND status = 'live'" : " AND name_key IS NOT NULL");
        }

        if (scope.Below is not null)
        {
            where.Append(" AND id IN (SELECT id FROM below)");
        }

        if (scope.OwnerId is { } owner)
        {
            // The planner uses the partial index of owners only where the condition is written as in the index.
            where.Append(
                CultureInfo.InvariantCulture,
                $" AND owner_id = {parameters.Add(owner)} AND owner_id <> organization_id AND status = 'live'");
        }

        if (scope.MemberId is { } member)
        {
            var parameter = parameters.Add(member);
            where.Append(scope.Listing is null
                ? $" AND member_id = {parameter}"
                : $" AND (member_id = {parameter} OR member_id IS NULL)");
        }

        return where.ToString();
    }

    /// <summary>The planner uses the partial indexes of tokens only where the kind is written as in them.</summary>
    private static string KindOf(RecordScope scope, ListParameters parameters) =>
        scope is { UnnamedToo: true, Kind: "token" } ? "'token'" : parameters.Add(scope.Kind);
}
