using Microsoft.AspNetCore.Http;

namespace TokenActors.WebConsole.Forms;

/// <summary>The status of a page with a form.</summary>
internal static class FormStatus
{
    /// <summary>422 where something of the form was refused, so that nobody takes the page for a success.</summary>
    public static int Status(this FormState state) =>
        state.IsRefused ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
}
