using System.Globalization;
using TokenActors.Client;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;

namespace TokenActors.WebConsole.Tokens;

/// <summary>What a list of tokens is asked for. It stands in the address, so that a list can be kept and
/// sent.</summary>
public sealed record TokenListing
{
    public const int PageSize = 50;

    private const string ChosenField = "chosen";

    private static readonly string[] Plain = ["q", "kind", "state", "label", "member", "ends", "unused", "order"];

    /// <summary>Part of a name.</summary>
    public string? Text { get; init; }

    public string? Kind { get; init; }

    public string? State { get; init; }

    public string? Label { get; init; }

    public string? Member { get; init; }

    /// <summary>Days within which a token ends.</summary>
    public int? EndsWithin { get; init; }

    /// <summary>Days for which nobody has used it.</summary>
    public int? UnusedFor { get; init; }

    public string Order { get; init; } = "";

    /// <summary>Filters of the API, as they are.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    public string? Cursor { get; init; }

    /// <summary>Tokens of this page that were chosen before the person was asked for the password.</summary>
    public IReadOnlyList<string> Chosen { get; init; } = [];

    public static IReadOnlyList<Option> Kinds { get; } = Option.OrNone(
        "Every kind", "default", "session", "adhoc", "integration", "mcp", "bridge", "cloudflare", "launchdarkly", "boomerang", "imported");

    public static IReadOnlyList<Option> States { get; } = Option.OrNone("Every state", "active", "disabled", "expired");

    public static IReadOnlyList<Option> Ends { get; } =
        [new("", "Whenever"), new("1", "Within a day"), new("7", "Within 7 days"), new("30", "Within 30 days")];

    public static IReadOnlyList<Option> Unused { get; } =
        [new("", "Used or not"), new("7", "Not for 7 days"), new("30", "Not for 30 days"), new("90", "Not for 90 days")];

    public static IReadOnlyList<Option> Orders { get; } =
    [
        new("", "Newest first"), new("last_used_at[desc]", "Last used first"), new(
            "last_used_at[asc]", "Longest unused first"),
        new("expires_at[asc]", "Ends first"), new("name[asc]", "By name"),
    ];

    public bool IsFiltered => Conditions(DateTimeOffset.UnixEpoch).Count > 0;

    public static TokenListing From(ConsoleRequest request) => new()
    {
        Text = request.Query("q"),
        Kind = request.Query("kind"),
        State = request.Query("state"),
        Label = request.Query("label"),
        Member = request.Query("member"),
        EndsWithin = Days(request.Query("ends")),
        UnusedFor = Days(request.Query("unused")),
        Order = request.Query("order") ?? "",
        Filters = request.QueryAll("filter"),
        Cursor = request.Query("cursor"),
        Chosen = request.QueryAll(ChosenField),
    };

    /// <summary>The fields of the form above the list.</summary>
    public FormState ToForm() => new FormState()
        .Set("q", Text).Set("kind", Kind).Set("state", State).Set("label", Label).Set("member", Member)
        .Set("ends", EndsWithin?.ToString(CultureInfo.InvariantCulture))
        .Set("unused", UnusedFor?.ToString(CultureInfo.InvariantCulture))
        .Set("order", Order).Set("filter", Filters);

    /// <summary>As filters of the API.</summary>
    public IReadOnlyList<string> Conditions(DateTimeOffset now)
    {
        List<string> conditions = [.. Filters];
        Add(Text, "name[like]%{0}%");
        Add(Kind, "kind[eq]{0}");
        Add(State, "state[eq]{0}");
        Add(Label, "labels[eq]{0}");
        Add(Member, "member_id[eq]{0}");
        if (EndsWithin is { } ends)
        {
            conditions.Add($"expires_at[gt]{Iso(now)}");
            conditions.Add($"expires_at[lt]{Iso(now.AddDays(ends))}");
        }

        if (UnusedFor is { } unused)
        {
            conditions.Add($"last_used_at[lt]{Iso(now.AddDays(-unused))}");
            conditions.Add($"created_at[lt]{Iso(now.AddDays(-unused))}");
        }

        return conditions;

        void Add(string? value, string form)
        {
            if (value is not null)
            {
                conditions.Add(form.Replace("{0}", value, StringComparison.Ordinal));
            }
        }
    }

    public ListQuery ToQuery(DateTimeOffset now) => new()
    {
        Filters = Conditions(now),
        Order = [Order.Length > 0 ? Order : "created_at[desc]"],
        Limit = PageSize,
        After = Cursor,
    };

    /// <summary>The address of this list, from another cursor on.</summary>
    public string Address(string? cursor)
    {
        var form = ToForm();
        var parts = Plain.Append("filter")
            .SelectMany(name => form.Values(name).Where(value => value.Length > 0).Select(value => (name, value)))
            .Concat(cursor is null ? [] : [("cursor", cursor)])
            .Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2)}");
        return string.Join('&', parts) is { Length: > 0 } query ? $"{Places.Tokens}?{query}" : Places.Tokens;
    }

    /// <summary>The address of a list with tokens that are chosen in it.</summary>
    public static string WithChosen(string list, IReadOnlyList<string> ids) => ids.Count == 0
        ? list
        : $"{list}{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}"
            + string.Join('&', ids.Select(id => $"{ChosenField}={Uri.EscapeDataString(id)}"));

    private static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static int? Days(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= 3650 ? days : null;
}
