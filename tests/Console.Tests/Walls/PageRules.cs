using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace TokenActors.WebConsole.Tests.Walls;

/// <summary>What holds for every page of the console, whatever it shows.</summary>
internal static class PageRules
{
    /// <summary>What no page has: scripts and styles of its own, handlers, and addresses of elsewhere.</summary>
    public static IEnumerable<string> Strange(IDocument page)
    {
        foreach (var script in page.QuerySelectorAll<IHtmlScriptElement>("script"))
        {
            if (script.TextContent.Length > 0
                || script.GetAttribute("src")?.StartsWith("/console/", StringComparison.Ordinal) != true)
            {
                yield return $"script {script.OuterHtml}";
            }
        }

        foreach (var element in page.All)
        {
            if (element.Attributes.FirstOrDefault(attribute => attribute.Name.StartsWith(
                "on", StringComparison.OrdinalIgnoreCase) || attribute.Name == "style") is { } handler)
            {
                yield return $"{element.LocalName} {handler.Name}={handler.Value}";
            }

            if (AddressOf(element) is { } address && !address.StartsWith("/console", StringComparison.Ordinal)
                && !address.StartsWith('#') && !address.StartsWith('?'))
            {
                yield return $"{element.LocalName} leads to {address}";
            }
        }
    }

    /// <summary>
    /// What somebody misses who hears a page, or has no script: names of controls, what describes them, and buttons.
    /// </summary>
    public static IEnumerable<string> Missing(IDocument page)
    {
        if (page.QuerySelectorAll("main h1").Length != 1)
        {
            yield return $"{page.QuerySelectorAll("main h1").Length} headings of the first level";
        }

        if (string.IsNullOrWhiteSpace(page.Title) || page.DocumentElement.GetAttribute("lang") != "en")
        {
            yield return "no title or no language";
        }

        foreach (var twice in page.QuerySelectorAll("[id]").GroupBy(element => element.Id)
            .Where(one => one.Count() > 1))
        {
            yield return $"{twice.Count()} elements are #{twice.Key}";
        }

        foreach (var twice in page.QuerySelectorAll("main [role=alert]").GroupBy(said => said.TextContent.Trim())
            .Where(one => one.Count() > 1))
        {
            yield return $"it is said {twice.Count()} times: {twice.Key}";
        }

        foreach (var control in page.QuerySelectorAll("input:not([type=hidden]),select,textarea"))
        {
            if (!IsNamed(page, control))
            {
                yield return $"no label: {control.OuterHtml}";
            }

            foreach (var id in Words(control.GetAttribute("aria-describedby")).Where(
                id => page.GetElementById(id) is null))
            {
                yield return $"{control.GetAttribute("name")} is described by #{id}, which there is not";
            }

            if (control.GetAttribute("aria-invalid") == "true" && Words(control.GetAttribute("aria-describedby"))
                .All(id => !id.EndsWith("-error", StringComparison.Ordinal)))
            {
                yield return $"{control.GetAttribute("name")} is wrong, and nothing says why";
            }
        }

        foreach (var form in page.QuerySelectorAll<IHtmlFormElement>("form"))
        {
            if (form.Method == "post" && form.QuerySelector("[name=form_key],[name=kept_form]") is null)
            {
                yield return $"no key: {form.GetAttribute("action")}";
            }

            if (form.QuerySelector("button:not([type=button])") is null && !IsForLooking(form))
            {
                yield return $"no button: {form.GetAttribute("action")}";
            }
        }
    }

    /// <summary>Addresses that count from the page's own, which is none where the page answers a form.</summary>
    public static IEnumerable<string> Relative(IDocument page) =>
        page.QuerySelectorAll("a[href^='?'],form:not([action]),form[action='']").Select(element =>
            $"{element.LocalName} leads on from where it stands: {element.GetAttribute("href")}")
            .Concat(page.QuerySelectorAll("[data-live]").Select(part => $"#{part.Id} is fetched again from there"));

    private static string? AddressOf(IElement element) =>
        element.GetAttribute("href") ?? element.GetAttribute("action") ?? element.GetAttribute("src");

    private static bool IsNamed(IDocument page, IElement control) =>
        !string.IsNullOrWhiteSpace(control.GetAttribute("aria-label"))
        || (control.Id is { Length: > 0 } id && page.QuerySelectorAll<IHtmlLabelElement>("label").Any(
            label => label.HtmlFor == id && !string.IsNullOrWhiteSpace(label.TextContent)));

    /// <summary>Who may not change a thing is shown its form without a button, and can type nothing into it.</summary>
    private static bool IsForLooking(IHtmlFormElement form) => form.QuerySelector("fieldset[disabled]") is not null;

    private static string[] Words(string? text) => (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
