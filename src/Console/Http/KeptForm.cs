namespace TokenActors.WebConsole.Http;

/// <summary>
/// What somebody typed into a form whose session was over when it was sent. It goes along with the page that signs in,
/// and is shown in the form again. Nothing secret is in it.
/// </summary>
/// <param name="Place">the page of the form</param>
/// <param name="Fields">names and values, in the order of the form</param>
public sealed record KeptForm(string Place, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    /// <summary>Carries it, sealed, in a form.</summary>
    internal const string Field = "kept_form";

    /// <summary>Of the form's key, and of what is made anew with each form.</summary>
    private static readonly string[] LeftOut = [Field, ConsoleForm.TokenField, ConsoleForm.CallField, ConsoleForm.MadeAtField];

    public bool Has(string name) => Fields.Any(field => field.Key == name);

    public IReadOnlyList<string> All(string name) =>
        [.. Fields.Where(field => field.Key == name && field.Value.Length > 0).Select(field => field.Value)];

    /// <summary>
    /// Whether a field of this name is kept: a password is not, nor what may hold the secrets of a provider.
    /// </summary>
    public static bool Keeps(string name) =>
        !LeftOut.Contains(name)
        && !name.Contains("secret", StringComparison.Ordinal) && !name.Contains("password", StringComparison.Ordinal)
        && name is not ("again" or "provider_config");
}
