using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace TokenActors.WebConsole.Http;

/// <summary>What a person sent with a form.</summary>
public sealed class ConsoleForm(IFormCollection fields)
{
    internal const string TokenField = "form_key";

    /// <summary>The key under which the form's call is made: the same form sent twice is one call.</summary>
    internal const string CallField = "call_key";

    /// <summary>When the form was made: a span counts from then, so that the form sent twice is one call.</summary>
    internal const string MadeAtField = "made_at";

    /// <summary>No session is as long, and a form is its session's.</summary>
    private static readonly TimeSpan OldestForm = TimeSpan.FromDays(30);

    /// <summary>Under which the call is made; a form without one gets a new one.</summary>
    public string CallKey => Text(CallField) ?? NewCallKey();

    public static string NewCallKey() => Guid.CreateVersion7().ToString("N");

    /// <summary>
    /// When the form was made; <paramref name="now"/> where it says nothing, a time to come, or one at which no form
    /// was made that is open still.
    /// </summary>
    public DateTimeOffset MadeAt(DateTimeOffset now)
    {
        const DateTimeStyles AsWritten = DateTimeStyles.RoundtripKind;
        return DateTimeOffset.TryParse(Text(MadeAtField), CultureInfo.InvariantCulture, AsWritten, out var made)
            && made <= now && now - made < OldestForm ? made : now;
    }

    /// <summary>Without white space at its ends; null where nothing was typed.</summary>
    public string? Text(string name) =>
        fields[name] is [{ } value, ..] && value.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>As it was typed, for secrets.</summary>
    public string? Exact(string name) => fields[name] is [{ Length: > 0 } value, ..] ? value : null;

    public bool Has(string name) => fields.ContainsKey(name);

    public IReadOnlyList<string> All(string name) =>
        [.. fields[name].OfType<string>().Where(value => value.Length > 0)];

    /// <summary>What was typed, without secrets, for the page that the form stands on.</summary>
    internal KeptForm Keep(string place) => new(
        place,
        [
            .. fields.Where(field => KeptForm.Keeps(field.Key))
                .SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value ?? ""))),
        ]);

    /// <summary>The lines, or the words between commas, of a text.</summary>
    public IReadOnlyList<string> Words(string name) =>
        (Text(name) ?? "").Split(
            [',', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>What is no form has no fields, and so not the key without which nothing is done.</summary>
    public static async ValueTask<ConsoleForm?> BindAsync(HttpContext context)
    {
        try
        {
            if (context.Request.HasFormContentType)
            {
                return new(await context.Request.ReadFormAsync(context.RequestAborted));
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            // Too many fields, or a broken part. It is answered as a form without its key.
        }

        context.Request.Form = FormCollection.Empty;
        return new(FormCollection.Empty);
    }
}
