using System.Globalization;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Forms;

/// <summary>Reads whole numbers of forms.</summary>
internal static class Numbers
{
    /// <summary>Null where nothing, or no such number, was typed; the latter is an error beside the field.</summary>
    public static long? Read(ConsoleForm form, FormState state, string field, long most = long.MaxValue)
    {
        if (form.Text(field) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most)
        {
            return number;
        }

        state.Reject(field, "Write a whole number, in digits.");
        return null;
    }
}
