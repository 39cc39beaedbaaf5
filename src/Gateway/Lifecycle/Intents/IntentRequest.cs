using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Identity;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Lifecycle.Tokens;

namespace TokenActors.Gateway.Lifecycle.Intents;

/// <summary>What somebody wants carried out: body of <c>POST /lifecycle/v1/intents</c>.</summary>
/// <param name="Command"><c>rotate</c> or <c>create</c></param>
/// <param name="Subject">the token that is to be rotated</param>
/// <param name="Deadline">of a rotation: until when the former pair is accepted</param>
/// <param name="Given">of a new token: its fields, as they were given</param>
/// <param name="Wanted">of a new token: what they mean</param>
internal sealed record IntentRequest(
    string Command, TokenId? Subject, DateTimeOffset? Deadline, JsonObject? Given, NewTokenRequest? Wanted)
    : IRequestBody<IntentRequest>
{
    public const string Rotate = "rotate";
    public const string Create = "create";

    private const int LongestBody = 16 * 1024;

    static Type IRequestBody<IntentRequest>.Documented => typeof(IntentRequestWire);

    /// <summary>The action that whoever wishes it, and whoever carries it out, needs.</summary>
    public string Permission => Command == Rotate ? "tokens:rotate" : "tokens:create";

    public static IntentRequest? Read(JsonFields fields)
    {
        var command = fields.Text("command", required: true);
        var subject = SubjectOf(fields, command == Rotate);
        var deadline = fields.Deadline("deadline");
        var given = fields.Any("token");
        var token = fields.Object("token", required: command == Create);
        if (command is not (null or Rotate or Create))
        {
            fields.Reject("command", $"must be {Rotate} or {Create}");
        }

        if (command == Rotate)
        {
            fields.Refuse("a rotation", "token");
        }
        else
        {
            fields.Refuse("a new token", "token_id", "deadline");
        }

        var wanted = token is null ? null : NewTokenRequest.Read(token);
        fields.RefuseUnknown();
        if (given is { ValueKind: JsonValueKind.Object } whole && whole.GetRawText().Length > LongestBody)
        {
            fields.Reject("token", $"must have at most {LongestBody} characters");
        }

        return command is null || fields.Errors.Count > 0
            ? null
            : new(command, subject, deadline, given is { } element ? JsonObject.Create(element) : null, wanted);
    }

    /// <summary>A command as it was stored; null where it could not be carried out as it stands.</summary>
    public static IntentRequest? OfStored(string command, TokenId? subject, string body)
    {
        using var document = JsonDocument.Parse(body);
        JsonFields fields = new("", document.RootElement.Clone(), []);
        var rotation = command == Rotate ? RotateTokenRequest.Read(fields) : null;
        var wanted = command == Create ? NewTokenRequest.Read(fields) : null;
        return fields.Errors.Count > 0 || (rotation is null && wanted is null)
            ? null
            : new(command, subject, rotation?.Deadline, JsonObject.Create(document.RootElement.Clone()), wanted);
    }

    private static TokenId? SubjectOf(JsonFields fields, bool isRequired)
    {
        if (fields.Text("token_id", required: isRequired) is not { } text)
        {
            return null;
        }

        if (TokenId.TryParse(text, out var id))
        {
            return id;
        }

        fields.Reject("token_id", "must be the id of a token");
        return null;
    }
}

/// <summary>A wish on the wire.</summary>
/// <param name="Command"><c>rotate</c> or <c>create</c></param>
/// <param name="TokenId">the token that is to be rotated</param>
/// <param name="Deadline">of a rotation: until when the former pair is accepted; absent: until its own end</param>
/// <param name="Token">the token that is to be made, as in <c>POST tokens</c>; its <c>belongs_to</c> is <c>member</c>
/// by default</param>
internal sealed record IntentRequestWire(
    string Command, string? TokenId, DateTimeOffset? Deadline, NewTokenWire? Token);
