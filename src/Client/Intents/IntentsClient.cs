using System.Text.Json.Nodes;
using TokenActors.Client.Http;
using TokenActors.Client.Tokens;

namespace TokenActors.Client.Intents;

/// <summary>A command that waits for a person who may see the secret that it makes.</summary>
/// <param name="Id">its id</param>
/// <param name="Command"><c>rotate</c> or <c>create</c></param>
/// <param name="State"><c>open</c>, <c>collected</c> or <c>lapsed</c></param>
/// <param name="TokenId">the token that is to be rotated</param>
/// <param name="Body">of the command: of a rotation its deadline, of a new token its fields</param>
/// <param name="MadeBy">the token that it was made with</param>
/// <param name="MemberId">the member that may collect it</param>
/// <param name="CreatedAt">when it was made</param>
/// <param name="LapsesAt">until when it may be collected</param>
/// <param name="CollectedAt">when it was collected</param>
public sealed record Intent(
    string Id, string Command, string State, string? TokenId, JsonObject? Body, string MadeBy, string MemberId,
    DateTimeOffset CreatedAt, DateTimeOffset LapsesAt, DateTimeOffset? CollectedAt)
{
    /// <summary>It may be collected.</summary>
    public bool IsOpen => State == "open";
}

/// <summary><c>/lifecycle/v1/intents</c>: commands that somebody wishes who must not see the secret.</summary>
public sealed class IntentsClient
{
    private const string Root = $"{ApiGroup.Lifecycle}/intents";

    private readonly ApiGroup _api;
    private readonly Func<ApiCall, CancellationToken, Task<Token>> _readToken;

    internal IntentsClient(ApiGroup api, Func<ApiCall, CancellationToken, Task<Token>> readToken) =>
        (_api, _readToken) = (api, readToken);

    /// <summary>Wishes for a rotation.</summary>
    /// <param name="tokenId">the token</param>
    /// <param name="deadline">until when the former pair is accepted at most</param>
    public Change<Intent> Rotate(string tokenId, DateTimeOffset? deadline = null) =>
        Make(new("rotate", tokenId, deadline, null));

    /// <summary>Wishes for a new token.</summary>
    /// <param name="token">what it is to be</param>
    public Change<Intent> Create(NewToken token) => Make(new("create", null, null, token));

    /// <summary>What an intent would do.</summary>
    /// <param name="id">the intent</param>
    /// <param name="cancellation">ends the call</param>
    public Task<Intent> Get(string id, CancellationToken cancellation = default) =>
        _api.Connection.Read(ApiCall.Get(PathOf(id)), ApiGroup.Json.Intent, cancellation);

    /// <summary>Carries an intent out, once; the answer holds the secrets.</summary>
    /// <param name="id">the intent</param>
    public Change<Token> Collect(string id) =>
        new PlainChange<Token>(ApiCall.Post($"{PathOf(id)}/collect"), _readToken);

    private static string PathOf(string id) => $"{Root}/{ApiGroup.Part(id)}";

    private Change<Intent> Make(IntentBody body) =>
        _api.Change(ApiCall.Post(Root).With(body, ApiGroup.Json.IntentBody), ApiGroup.Json.Intent);
}

internal sealed record IntentBody(string Command, string? TokenId, DateTimeOffset? Deadline, NewToken? Token);
