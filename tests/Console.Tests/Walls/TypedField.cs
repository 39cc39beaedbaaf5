using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace TokenActors.WebConsole.Tests.Walls;

/// <summary>A field of a form of the console into which somebody types, on the page that a visitor looks at.</summary>
/// <param name="Page">the address of the page</param>
/// <param name="Action">the address of the form</param>
/// <param name="Name">of the field</param>
/// <param name="Others">the fields of the form into which somebody types as well</param>
internal sealed record TypedField(string Page, string Action, string Name, IReadOnlyList<string> Others)
{
    /// <summary>Of an integration.</summary>
    public const string Config =
        """
        {"type":"ticketing_jira","url":"https://jira.example.com",
        "credential":{"type":"token","secret":"hunter2-hunter2"}}
        """;

    /// <summary>The last step of a new token that has something to type into.</summary>
    private const int LastAskingStep = 3;

    public override string ToString() => $"{Page}: {Name}";

    /// <summary>What a field takes that must not be empty, so that another one decides; null where it may be.</summary>
    private string? Good(string field)
    {
        var unique = $"g{Guid.NewGuid():N}"[..14];
        return field switch
        {
            "name" => Page.Contains("/members/", StringComparison.Ordinal) ? $"{unique}@example.com" : unique,
            "roles" => "viewer",
            "url" => $"https://hooks.example.com/{unique}",
            "types" => "token.leaked",
            "provider_config" => Config,
            "secret" when Page.EndsWith("/members/new", StringComparison.Ordinal) => HostileService.Password,
            _ => null,
        };
    }

    /// <summary>The form of a page, with a text in this field.</summary>
    /// <param name="visitor">looks at the page</param>
    /// <param name="text">what is typed</param>
    public HttpRequestMessage With(Visitor visitor, string text) => visitor.Form(
        Action,
        [
            .. Others.Where(other => other != Name && IsEmpty(visitor, other)).Select(other => (other, Good(other)))
                .Where(other => other.Item2 is not null),
            (Name, text),
        ]);

    /// <summary>
    /// Goes to every page that has a form to type into, found by the routes, once for each field: a page that is added
    /// is looked at too.
    /// </summary>
    public static async IAsyncEnumerable<TypedField> Of(Visitor visitor, IEnumerable<string> addresses)
    {
        foreach (var address in addresses)
        {
            for (var step = 1; step <= (IsInSteps(address) ? LastAskingStep : 1); step++)
            {
                await Go(visitor, address, step);
                foreach (var field in visitor.Path == address || IsInSteps(address) ? OnPage(visitor) : [])
                {
                    await Go(visitor, address, step);
                    yield return field;
                }
            }
        }
    }

    private static bool IsInSteps(string address) => address.EndsWith("/tokens/new", StringComparison.Ordinal);

    private static async Task Go(Visitor visitor, string address, int step)
    {
        await visitor.Get(address);
        for (var next = 1; next < step; next++)
        {
            await visitor.Submit(address);
        }
    }

    private static List<TypedField> OnPage(Visitor visitor) =>
    [
        .. visitor.Page.QuerySelectorAll<IHtmlFormElement>("main form[method=post]").SelectMany(form =>
        {
            string[] names = [.. form.QuerySelectorAll("input,textarea").Where(IsTyped).Select(
                field => field.GetAttribute("name") ?? "")];
            var action = form.GetAttribute("action") ?? "";
            return names.Select(name => new TypedField(visitor.Path, action, name, names));
        }),
    ];

    private static bool IsTyped(IElement element) =>
        element is not IHtmlInputElement { Type: "hidden" or "checkbox" or "radio" };

    private static bool IsEmpty(Visitor visitor, string field) => visitor.Page.QuerySelector(
        $"main form[method=post] [name='{field}']") is not IHtmlInputElement { Value.Length: > 0 };
}
