using System.Globalization;
using TokenActors.Client;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Forms;

/// <summary>
/// When the thing was changed last that a form was made from: what somebody else changed since then is shown and not
/// overwritten.
/// </summary>
internal static class MadeFrom
{
    public const string Field = "made_from";

    public static FormState MadeOf(this FormState state, DateTimeOffset updatedAt) => state.Set(Field, Text(updatedAt));

    public static bool IsMadeOf(this ConsoleForm form, DateTimeOffset updatedAt) => form.Text(Field) == Text(updatedAt);

    /// <summary>A change that the service refuses where the thing was changed since: a test compares texts.</summary>
    public static JsonPatch Patch(DateTimeOffset updatedAt) =>
        new JsonPatch().Test(
            "/updated_at", updatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));

    /// <summary>Whether a thing has what was typed already: the same form was sent before.</summary>
    /// <param name="typed">what was sent</param>
    /// <param name="now">what the thing is like</param>
    /// <param name="fields">of the form</param>
    public static bool IsAlready(FormState typed, FormState now, IEnumerable<string> fields) =>
        fields.All(field => (typed.Value(field) ?? "") == (now.Value(field) ?? ""));

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
