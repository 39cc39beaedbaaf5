using System.Net;
using TokenActors.Client;
using TokenActors.Client.Tokens;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Forms;

/// <summary>The fields of forms that narrow rights.</summary>
internal static class Grants
{
    public static readonly IReadOnlyList<string> Fields = ["accounts", "account_labels", "categories"];

    private static readonly (string Name, string Words)[] Narrowings =
    [
        ("accounts", "accounts"), ("account_labels", "accounts labelled"), ("categories", "integrations of category"),
    ];

    /// <summary>
    /// What was typed, as the service takes it; null where nothing was. People name accounts, and the service wants
    /// ids: a name that no account has is an error beside the field.
    /// </summary>
    public static async Task<TokenActors.Client.Tokens.Resources?> Read(
        ConsoleRequest request, ConsoleForm form, FormState state)
    {
        List<string> ids = [];
        foreach (var word in form.Words("accounts"))
        {
            if (await IdOf(request, word) is { } id)
            {
                ids.Add(id);
            }
            else
            {
                state.Reject("accounts", $"There is no account '{word}' that you may see.");
            }
        }

        var labels = OrNull(form.Words("account_labels"));
        var categories = OrNull(form.Words("categories"));
        var accounts = ids.Count > 0 || labels is not null
            ? new AccountResources(ids.Count > 0 ? ids : ["*"], labels)
            : null;
        return accounts is null && categories is null
            ? null
            : new TokenActors.Client.Tokens.Resources
            {
                Accounts = accounts, Integrations = categories is null ? null : new IntegrationResources(categories),
            };
    }

    /// <summary>What the fields show of a narrowing.</summary>
    public static FormState Show(FormState state, TokenActors.Client.Tokens.Resources? resources) => state
        .Set("accounts", Joined(resources?.Accounts?.Ids.Where(id => id != "*")))
        .Set("account_labels", Joined(resources?.Accounts?.Labels))
        .Set("categories", Joined(resources?.Integrations?.Categories));

    /// <summary>What was typed, with what a role has that no field shows: environments and organizations.</summary>
    public static TokenActors.Client.Tokens.Resources? Merge(
        TokenActors.Client.Tokens.Resources? typed, TokenActors.Client.Tokens.Resources? before)
    {
        var accounts = before?.Accounts?.Environments is { Count: > 0 } environments
            ? (typed?.Accounts ?? new AccountResources(["*"])) with { Environments = environments }
            : typed?.Accounts;
        var organizations = before?.Organizations;
        return accounts is null && organizations is null && typed?.Integrations is null
            ? null
            : new TokenActors.Client.Tokens.Resources
            {
                Accounts = accounts, Integrations = typed?.Integrations, Organizations = organizations,
            };
    }

    /// <summary>What the fields narrow rights to, in words.</summary>
    public static IReadOnlyList<string> Words(FormState state) =>
    [
        .. Narrowings.Where(field => !string.IsNullOrWhiteSpace(state.Value(field.Name)))
            .Select(field => $"{field.Words} {state.Value(field.Name)?.Trim()}"),
    ];

    private static string Joined(IEnumerable<string>? words) => string.Join(", ", words ?? []);

    private static async Task<string?> IdOf(ConsoleRequest request, string idOrName)
    {
        if (idOrName == "*" || Guid.TryParse(idOrName, out _))
        {
            return idOrName;
        }

        // No account is called by dots, which an address folds.
        if (idOrName is "." or "..")
        {
            return null;
        }

        try
        {
            return (await request.Api.Accounts.Get(idOrName, request.Aborted)).Id;
        }
        catch (TokenActorsException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            return null;
        }
    }

    public static IReadOnlyList<string>? OrNull(IReadOnlyList<string> words) => words.Count > 0 ? words : null;
}
