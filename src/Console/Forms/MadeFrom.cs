using System.Globalization;
using TokenActors.Client;
using TokenActors.Client.Resources;

namespace TokenActors.WebConsole.Forms;

/// <summary>The version of a resource of the Management API, which has no tag: when it was changed last.</summary>
internal static class MadeFrom
{
    /// <summary>As the service writes the time: a test of a patch compares texts.</summary>
    public static string Tag(Resource resource) =>
        resource.UpdatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>A change that the service refuses where the resource was changed since.</summary>
    public static JsonPatch Patch(Resource resource) => new JsonPatch().Test("/updated_at", Tag(resource));
}
