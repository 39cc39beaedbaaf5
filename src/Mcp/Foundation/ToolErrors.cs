using System.Text.Json;
using ModelContextProtocol.Protocol;
using TokenActors.Client;

namespace TokenActors.Mcp.Foundation;

/// <summary>What went wrong with a call, in words that a model can act on.</summary>
/// <param name="Code">names the kind of problem, and stays</param>
/// <param name="Message">what is wrong with this call</param>
/// <param name="WhatToDo">what to try next</param>
/// <param name="Errors">everything that is wrong with what was given</param>
internal sealed record ToolError(string Code, string Message, string WhatToDo, IReadOnlyList<string>? Errors = null);

/// <summary>The outcome of a call that failed: a result, so that the model sees it.</summary>
internal static class ToolErrors
{
    private const string SeeSchema = "Call it again with arguments as the tool's input schema says.";
    private const string AskPerson =
        "Do not try again. Tell the person what is missing; only somebody with more rights can do this.";

    public static CallToolResult Of(TokenActorsException e) => Result(e is OutcomeUnknownException
        ? new("outcome-unknown", e.Message, "Look at the token first: the change may have been carried out, or not.")
        : new(e.Code, e.Message, WhatToDo(e.Code), e.Errors.Count == 0 ? null : [.. e.Errors.Select(TextOf)]));

    /// <summary>Arguments that fit no parameter.</summary>
    public static CallToolResult OfArguments(Exception e) => Result(
        new("invalid-arguments", e.Message, SeeSchema));

    public static CallToolResult UnknownArgument(string name) => Result(
        new("invalid-arguments", $"There is no argument '{name}'.", SeeSchema));

    public static CallToolResult Forbidden(string tool) => Result(
        new("insufficient-scope", $"The token may not use {tool}.", AskPerson));

    public static CallToolResult Internal() => Result(
        new("internal", "Something went wrong on the service's side.", "Try again once; then tell the person."));

    private static string WhatToDo(string code) => code switch
    {
        "not-found" =>
            "Search for it (token_search, webhook_list): ids of others and of deleted things are answered like this.",
        "permission-missing" or "unauthorized" or "organization-disabled" => AskPerson,
        "invalid-request" => "Change what the errors name, and call again.",
        "changed-meanwhile" => "Read it again and decide anew; a plan that is over has to be made again.",
        "conflict" =>
            "Read the token (token_get): its state does not allow this. The message says what has to be done first.",
        "too-many-requests" => "Wait some seconds and call again.",
        "unavailable" or "unreachable" => "Wait some seconds and call again; nothing was done.",
        _ => "Read the message; if it does not help, tell the person.",
    };

    private static string TextOf(ProblemError error) => $"{error.Pointer ?? error.Parameter}: {error.Detail}";

    private static CallToolResult Result(ToolError error) => new()
    {
        IsError = true,
        Content = [new TextContentBlock { Text = JsonSerializer.Serialize(error, ToolJson.Options) }],
    };
}
