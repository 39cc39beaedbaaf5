using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;
using TokenActors.Client;

namespace TokenActors.Cli.Resources;

/// <summary>What commands read of the command line and stdin.</summary>
internal static class Input
{
    private static readonly Option<string[]> Set = new("--set")
    {
        Description = "field=value, such as fullname=Acme; a value in JSON is taken as such, so n=5 is a number", HelpName = "field=value",
    };

    private static readonly Option<string[]> Unset = new("--unset")
    {
        Description = "take a field away", HelpName = "field",
    };

    public static Option[] PatchOptions => [Set, Unset];

    /// <summary>What the service says of a thing, and keeps whatever a patch says.</summary>
    private static readonly string[] KeptOfAll = ["created_at", "updated_at"];

    /// <summary>The changes that <c>--set</c> and <c>--unset</c> ask for.</summary>
    /// <param name="invocation">the command</param>
    /// <param name="view">of the thing: the service keeps some fields as they are, and would say that it was
    /// done</param>
    public static JsonPatch Patch(Invocation invocation, View view)
    {
        var (set, unset) = (invocation.Get(Set) ?? [], invocation.Get(Unset) ?? []);
        if (set.Select(assignment => assignment.Split('=', 2)[0]).Concat(unset)
            .FirstOrDefault(field => KeptOfAll.Contains(field) || view.Kept.Contains(field)) is { } fixedField)
        {
            throw CliException.Usage($"{fixedField} is set by the service alone.");
        }

        if (set.Length + unset.Length == 0)
        {
            throw CliException.Usage("What is to change? Say --set field=value or --unset field.");
        }

        var patch = new JsonPatch();
        foreach (var assignment in set)
        {
            var (field, value) = assignment.Split('=', 2) is [var left, var right]
                ? (left, right)
                : throw CliException.Usage($"{assignment} is not field=value.");
            patch.Set(PathOf(field), ValueOf(value));
        }

        foreach (var field in unset)
        {
            patch.Remove(PathOf(field));
        }

        return patch;
    }

    /// <summary>A JSON object from a file, or from stdin as <c>-</c>: it may hold secrets.</summary>
    public static JsonObject Json(Invocation invocation, string path)
    {
        var text = path == "-" ? invocation.Terminal.Input.ReadToEnd() : File.ReadAllText(path);
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw CliException.Usage($"{path} holds no JSON object.");
        }
        catch (JsonException e)
        {
            throw CliException.Usage($"{path} is no JSON: {e.Message}");
        }
    }

    private static string PathOf(string field) => "/" + field.Replace('.', '/');

    /// <summary>Text that is no JSON is meant as it stands; <c>"5"</c> is the text of what would be a number.</summary>
    private static JsonNode? ValueOf(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
