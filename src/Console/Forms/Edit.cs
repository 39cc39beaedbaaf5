using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Forms;

/// <summary>
/// What a person did with the form of an <see cref="EditPage{T}"/>: which fields say something else than the thing did
/// when the form was made.
/// </summary>
internal sealed class Edit
{
    private const string TagField = "tag";
    private readonly HashSet<string> _changed;

    public Edit(ConsoleForm form, IReadOnlyList<string> fields)
    {
        Form = form;
        State = FormState.Of(form, fields).Carry(TagField, form.Text(TagField));
        foreach (var field in fields)
        {
            State.Carry(BeforeField(field), Before(field));
        }

        _changed = [.. fields.Where(field => !IsSame(Joined(form.All(field)), Before(field)))];
    }

    public ConsoleForm Form { get; }

    /// <summary>The form as it was sent, to be shown again.</summary>
    public FormState State { get; }

    /// <summary>Nothing was changed.</summary>
    public bool IsEmpty => _changed.Count == 0;

    /// <summary>The version of the thing that the form was made from; empty where it has none.</summary>
    public string Tag => Form.Text(TagField) ?? "";

    /// <summary>A form as it is shown first: what the thing is like, and the same again to compare later.</summary>
    /// <param name="state">with the fields of the thing</param>
    /// <param name="tag">the version of the thing; empty where it has none</param>
    /// <param name="fields">the names of the fields</param>
    public static FormState Begin(FormState state, string tag, IReadOnlyList<string> fields)
    {
        state.Carry(TagField, tag);
        foreach (var field in fields)
        {
            state.Carry(BeforeField(field), Joined(state.Values(field)));
        }

        return state;
    }

    public bool IsChanged(params IEnumerable<string> fields) => fields.Any(_changed.Contains);

    /// <summary>What the thing said in a field when the form was made.</summary>
    public string Before(string field) => Form.Text(BeforeField(field)) ?? "";

    /// <summary>Hands over what was typed into a field, where it was changed; null where it was emptied.</summary>
    public void Text(string field, Action<string?> set)
    {
        if (IsChanged(field))
        {
            set(Form.Text(field));
        }
    }

    /// <summary>The same of a field that cannot be empty: one that was emptied stays as it was.</summary>
    public void Name(string field, Action<string> set)
    {
        if (IsChanged(field) && Form.Text(field) is { } text)
        {
            set(text);
        }
    }

    /// <summary>The same of a list; empty where the field was emptied.</summary>
    public void Words(string field, Action<IReadOnlyList<string>> set)
    {
        if (IsChanged(field))
        {
            set(Form.Words(field));
        }
    }

    /// <summary>Whether two texts are the same to a browser, which takes line ends out of what it shows.</summary>
    public static bool IsSame(string one, string other) => Plain(one) == Plain(other);

    public static string Joined(IReadOnlyList<string> values) => string.Join(", ", values);

    private static string Plain(string text) => text.ReplaceLineEndings("").Trim();

    private static string BeforeField(string field) => field + "_before";
}
