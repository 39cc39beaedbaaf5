using Microsoft.AspNetCore.Http;

namespace TokenActors.WebConsole.Forms;

/// <summary>What pages and fields make of the state of a form.</summary>
internal static class FormStatus
{
    /// <summary>422 where something of the form was refused, so that nobody takes the page for a success.</summary>
    public static int Status(this FormState state) =>
        state.IsRefused ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;

    /// <summary>The ids of all that stands beside a field, for who listens to a page; null for none.</summary>
    public static string? Description(this FormState state, string name, bool hasHint)
    {
        (bool Is, string What)[] parts =
        [
            (state.ErrorOf(name) is not null, "error"), (state.MeanwhileOf(name) is not null, "meanwhile"),
            (hasHint, "hint"),
        ];
        var ids = parts.Where(part => part.Is).Select(part => $"f-{name}-{part.What}").ToList();
        return ids.Count > 0 ? string.Join(' ', ids) : null;
    }
}
