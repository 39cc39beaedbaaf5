using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary>The fields <c>description</c>, <c>labels</c> and <c>contact</c>.</summary>
internal static class TokenNotesFields
{
    /// <param name="fields">of the body; what it leaves out stays, and null removes</param>
    /// <param name="current">what the token has; null for a new one</param>
    public static NotesOfToken Read(JsonFields fields, NotesOfToken? current = null)
    {
        var before = current ?? new NotesOfToken();
        var description = fields.Text("description", longest: TokenNotes.LongestDescription);
        var contact = fields.Text("contact", longest: TokenNotes.LongestContact);
        var labels = fields.Texts("labels", allowEmpty: true);
        if (labels?.Count > TokenNotes.MostLabels
            || labels?.Any(label => label.Length > TokenNotes.LongestLabel) == true)
        {
            fields.Reject(
                "labels", $"must be at most {TokenNotes.MostLabels}, of at most {TokenNotes.LongestLabel} characters each");
        }

        return new NotesOfToken
        {
            Description = fields.Mentions("description") ? description : before.Description,
            Labels = fields.Mentions("labels") ? [.. labels ?? []] : before.Labels,
            Contact = fields.Mentions("contact") ? contact : before.Contact,
        };
    }
}
