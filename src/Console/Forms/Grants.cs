using TokenActors.Client.Tokens;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Forms;

/// <summary>The fields of forms that narrow rights.</summary>
internal static class Grants
{
    public static readonly IReadOnlyList<string> Fields = ["accounts", "account_labels", "categories"];

    /// <summary>What was typed, as the service takes it; null where nothing was.</summary>
    public static TokenActors.Client.Tokens.Resources? Read(ConsoleForm form)
    {
        var ids = form.Words("accounts");
        var labels = OrNull(form.Words("account_labels"));
        var categories = OrNull(form.Words("categories"));
        var accounts = ids.Count > 0 || labels is not null ? new AccountResources(ids.Count > 0 ? ids : ["*"], labels) : null;
        return accounts is null && categories is null
            ? null
            : new TokenActors.Client.Tokens.Resources
            {
                Accounts = accounts, Integrations = categories is null ? null : new IntegrationResources(categories),
            };
    }

    public static IReadOnlyList<string>? OrNull(IReadOnlyList<string> words) => words.Count > 0 ? words : null;
}
