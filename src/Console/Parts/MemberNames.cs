using System.Net;
using TokenActors.Client;
using TokenActors.Client.Audit;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Parts;

/// <summary>
/// What the members are called whom a page is about, by their ids. Whom it does not name is shown by id.
/// </summary>
public sealed class MemberNames
{
    /// <summary>More are not asked for.</summary>
    private const int Most = 100;

    public static readonly MemberNames None = new([]);

    private readonly Dictionary<string, string> _names;

    private MemberNames(Dictionary<string, string> names) => _names = names;

    public string? Of(string id) => _names.GetValueOrDefault(id);

    /// <summary>Those of members, by one list; none where the person may not read members.</summary>
    public static async Task<MemberNames> Read(ConsoleRequest request, params IEnumerable<string?> ids)
    {
        var wanted = ids.OfType<string>().Where(id => Guid.TryParse(id, out _)).Distinct().Take(Most).ToList();
        if (wanted.Count == 0 || !request.Rights.NamesMembers)
        {
            return None;
        }

        try
        {
            ListQuery query = new() { Filters = [$"id[in]{string.Join(',', wanted)}"], Limit = Most };
            var members = (await request.Api.Members.List(query).Page(request.Aborted)).Items;
            return new(members.ToDictionary(member => member.Id, member => member.Name));
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            return None;
        }
    }

    /// <summary>Those of who did what rows of the trail say.</summary>
    public static Task<MemberNames> Read(ConsoleRequest request, IEnumerable<AuditRow> rows) =>
        Read(request, rows.Select(row => Actors.MemberOf(row)));
}
