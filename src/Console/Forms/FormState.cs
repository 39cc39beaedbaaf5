using TokenActors.Client;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Forms;

/// <summary>What stands in a form and what is wrong with it: an error is shown beside its field, and what was typed
/// stays.</summary>
public sealed class FormState
{
    /// <summary>Where the service calls a field otherwise than a form does.</summary>
    private static readonly (string Pointer, string Field)[] OtherNames =
    [
        ("role_binding", "roles"), ("resources/accounts/labels", "account_labels"), ("resources/accounts", "accounts"),
        ("resources/integrations", "categories"),
    ];

    private readonly Dictionary<string, IReadOnlyList<string>> _values = [];
    private readonly Dictionary<string, string> _errors = [];
    private readonly Dictionary<string, string> _carried = [];
    private readonly Dictionary<string, Meanwhile> _meanwhile = [];

    /// <summary>What is wrong with the form as a whole.</summary>
    public string? Problem { get; private set; }

    public bool IsRefused => Problem is not null || _errors.Count > 0;

    /// <summary>Nobody knows whether the last call was carried out: the same again says so.</summary>
    public bool IsUndecided { get; private set; }

    /// <summary>Under which the form's call is made, however often it is sent.</summary>
    public string CallKey { get; private set; } = ConsoleForm.NewCallKey();

    /// <summary>What the form carries along without showing it.</summary>
    public IReadOnlyDictionary<string, string> Carried => _carried;

    public bool IsAnythingMeanwhile => _meanwhile.Count > 0;

    /// <summary>A form as it was sent.</summary>
    /// <param name="form">what was sent</param>
    /// <param name="names">of the fields that are shown again; never those of secrets</param>
    public static FormState Of(ConsoleForm form, params IEnumerable<string> names)
    {
        var state = new FormState { CallKey = form.CallKey };
        foreach (var name in names)
        {
            state._values[name] = form.All(name);
        }

        return state;
    }

    public string? Value(string name) =>
        _values.TryGetValue(name, out var values) && values is [var first, ..] ? first : null;

    public IReadOnlyList<string> Values(string name) => _values.GetValueOrDefault(name, []);

    public string? ErrorOf(string name) => _errors.GetValueOrDefault(name);

    /// <summary>What somebody else made of a field; null where nobody did.</summary>
    public Meanwhile? MeanwhileOf(string name) => _meanwhile.GetValueOrDefault(name);

    public FormState Carry(string name, string? value)
    {
        _carried[name] = value ?? "";
        return this;
    }

    /// <summary>Shows what was typed before the session was over. A box that was not ticked was not sent.</summary>
    internal void Restore(KeptForm kept)
    {
        foreach (var name in _carried.Keys.Where(kept.Has).ToList())
        {
            _carried[name] = kept.All(name) is [var first, ..] ? first : "";
        }

        foreach (var name in _values.Keys.Concat(kept.Fields.Select(field => field.Key)).Distinct().ToList())
        {
            if (KeptForm.Keeps(name) && !_carried.ContainsKey(name))
            {
                _values[name] = kept.All(name);
            }
        }

        Reject(
            "The session was over when this was sent. Nothing was saved: look through it and send it again. "
            + "Passwords and secrets have to be typed again.");
    }

    public FormState ShowMeanwhile(string name, Meanwhile change)
    {
        _meanwhile[name] = change;
        return this;
    }

    public FormState Set(string name, params IReadOnlyList<string?> values)
    {
        _values[name] = [.. values.OfType<string>()];
        return this;
    }

    public FormState Reject(string name, string error)
    {
        _errors.TryAdd(name, error);
        return this;
    }

    public FormState Reject(string problem)
    {
        Problem ??= problem;
        return this;
    }

    /// <summary>
    /// Puts what the service refused beside the fields that it names. A refused call gets a new key with its next
    /// attempt; one whose outcome is unknown keeps it.
    /// </summary>
    public FormState Reject(TokenActorsException problem)
    {
        foreach (var error in problem.Errors)
        {
            if (FieldOf((error.Pointer ?? error.Parameter ?? "").TrimStart('/')) is { } field)
            {
                Reject(field, error.Detail);
            }
            else
            {
                Reject(error.Detail);
            }
        }

        if (!IsRefused)
        {
            Reject(problem.Detail);
        }

        IsUndecided = problem is OutcomeUnknownException;
        if (!IsUndecided)
        {
            CallKey = ConsoleForm.NewCallKey();
        }

        return this;
    }

    /// <summary>The field of this form that a path within a body is about; null where there is none.</summary>
    private string? FieldOf(string path)
    {
        foreach (var (pointer, field) in OtherNames)
        {
            if (_values.ContainsKey(field) && (path + "/").StartsWith(pointer + "/", StringComparison.Ordinal))
            {
                return field;
            }
        }

        var first = path.Split('/')[0];
        return _values.ContainsKey(first) ? first : null;
    }
}
