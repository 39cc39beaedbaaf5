using System.Collections.Concurrent;
using System.Net;
using TokenActors.Client;
using TokenActors.Client.Tokens;

namespace TokenActors.WebConsole.Permissions;

/// <summary>
/// Asks the service what the token of a session may do, by the rules that decide when it does it, and keeps the answer
/// for a minute: pages come one after the other. Where it does not say, it is asked again after ten seconds.
/// </summary>
internal sealed class RightsReader(TimeProvider time)
{
    private const int MostKept = 2_000;

    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan UnknownFor = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (Rights Rights, DateTimeOffset Until)> _kept = [];

    /// <param name="api">asks as the session</param>
    /// <param name="tokenId">the session's token</param>
    /// <param name="roles">of the member, where it signed in with a password</param>
    /// <param name="aborted">the browser has left</param>
    public async Task<Rights> Of(
        TokenActorsClient api, string tokenId, IReadOnlyList<string> roles, CancellationToken aborted)
    {
        var now = time.GetUtcNow();
        if (_kept.TryGetValue(tokenId, out var kept) && kept.Until > now)
        {
            return kept.Rights;
        }

        try
        {
            var rights = await Read(api, tokenId, roles, aborted);
            Keep(tokenId, rights, now + KeptFor);
            return rights;
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            Keep(tokenId, Rights.Unknown, now + UnknownFor);
            return Rights.Unknown;
        }
    }

    private static async Task<Rights> Read(
        TokenActorsClient api, string tokenId, IReadOnlyList<string> roles, CancellationToken aborted)
    {
        Dictionary<string, Reach> reaches = [];
        try
        {
            // A whole clause that has this one has most others too.
            Note(reaches, await api.Tokens.Can(tokenId, Rights.Actions[0], cancellation: aborted));
        }
        catch (TokenActorsException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            return await OfRoles(api, roles, aborted);
        }

        var open = Rights.Actions.Where(action => reaches.GetValueOrDefault(action) != Reach.Everywhere);
        foreach (var answer in await Task.WhenAll(open.Select(action => api.Tokens.Can(tokenId, action, cancellation: aborted))))
        {
            Note(reaches, answer);
        }

        return await WithOrganization(api, reaches, aborted);
    }

    private static void Note(Dictionary<string, Reach> reaches, CanAnswer answer)
    {
        if (answer.Clause is { } clause)
        {
            var reach = IsWhole(clause.Resources) ? Reach.Everywhere : Reach.Somewhere;
            foreach (var action in clause.Actions)
            {
                Raise(action, reach);
            }
        }
        else if (answer.Because == "resource_not_covered")
        {
            Raise(answer.Action, Reach.Somewhere);
        }

        void Raise(string action, Reach reach)
        {
            if (reaches.GetValueOrDefault(action) < reach)
            {
                reaches[action] = reach;
            }
        }
    }

    /// <summary>
    /// Who may not read its own token has none of the rights that go with that. The roles of the service are called as
    /// the sets of permissions that they give; what another role gives is not known then.
    /// </summary>
    private static async Task<Rights> OfRoles(
        TokenActorsClient api, IReadOnlyList<string> roles, CancellationToken aborted)
    {
        var sets = (await api.Organization.PermissionSets(aborted)).Where(set => roles.Contains(set.Name)).ToList();
        return roles.Count == 0 || sets.Count < roles.Count
            ? Rights.Unknown
            : await WithOrganization(
                api,
                sets.SelectMany(set => set.Permissions ?? new Dictionary<string, Client.Resources.PermittedActions>())
                    .SelectMany(kind => kind.Value.Actions.Select(action => $"{kind.Key}:{action}"))
                    .Distinct().ToDictionary(action => action, _ => Reach.Everywhere),
                aborted);
    }

    private static async Task<Rights> WithOrganization(
        TokenActorsClient api, Dictionary<string, Reach> reaches, CancellationToken aborted)
    {
        try
        {
            var seesOrganization = reaches.GetValueOrDefault("organizations:get") != Reach.Nowhere;
            return new(reaches, seesOrganization && (await api.Organization.Get(aborted)).OrganizationType == "root");
        }
        catch (TokenActorsException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            return new(reaches, isRoot: false);
        }
    }

    private static bool IsWhole(Resources? resources) =>
        resources is null or { Accounts: null, Integrations: null, Organizations: null or { Labels: null } };

    private void Keep(string tokenId, Rights rights, DateTimeOffset until)
    {
        if (_kept.Count >= MostKept)
        {
            foreach (var (id, kept) in _kept)
            {
                if (kept.Until <= time.GetUtcNow())
                {
                    _kept.TryRemove(id, out _);
                }
            }
        }

        if (_kept.Count < MostKept || _kept.ContainsKey(tokenId))
        {
            _kept[tokenId] = (rights, until);
        }
    }
}
