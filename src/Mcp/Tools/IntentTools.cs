using System.ComponentModel;
using System.Text.Json;
using TokenActors.Client.Intents;
using TokenActors.Client.Tokens;
using TokenActors.Domain.Time;
using TokenActors.Mcp.Callers;
using TokenActors.Mcp.Foundation;

namespace TokenActors.Mcp.Tools;

/// <summary>
/// What makes a secret. A tool only notes the wish: the secret is made when a person collects it, and goes to that
/// person.
/// </summary>
internal sealed class IntentTools(McpSession session)
{
    private const string Collecting =
        " Nothing is done yet: the person who uses you has to collect it within five minutes, with the command line "
        + "or in the console, and gets the secret there. Tell the person both ways that the answer names. You never see "
        + "the secret; never run the command yourself.";

    [Tool("token_rotate", "Ask for a rotation", "tokens:rotate", Changes = true)]
    [Description(
        "Wishes for a new pair of secrets; the former works on, until its own end or the deadline." + Collecting)]
    public async Task<WaitingIntent> Rotate(
        [Description("the token's id")] string id,
        [Description("until when the former pair works at most, such as 2030-01-01T00:00:00Z")]
        string? deadline = null,
        CancellationToken cancellation = default) =>
        Told(await session.Client.Intents.Rotate(id, TimeOf(deadline)).Send(cancellation).ConfigureAwait(false));

    [Tool("token_create", "Ask for a new token", "tokens:create", Changes = true)]
    [Description("Wishes for a new token, which may do no more than you may." + Collecting)]
    public async Task<WaitingIntent> Create(
        [Description("what it is to be")] WantedToken token, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(token);
        return Told(await session.Client.Intents.Create(token.ToNewToken()).Send(cancellation).ConfigureAwait(false));
    }

    [Tool("intent_get", "What became of a wish", "tokens:get")]
    [Description("Whether a wish of token_rotate or token_create is open, was collected, or lapsed with nothing done.")]
    public Task<Intent> Get(
        [Description("the id that the tool answered")] string id, CancellationToken cancellation = default) =>
        session.Client.Intents.Get(id, cancellation);

    /// <summary>A time without a zone would mean the server's.</summary>
    private static DateTimeOffset? TimeOf(string? text) => text switch
    {
        null => null,
        _ when Rfc3339.TryParse(text, out var time) => time,
        _ => throw new JsonException($"The deadline {Rfc3339.Rule}."),
    };

    private WaitingIntent Told(Intent intent) => new(
        intent.Id, intent.Command, intent.LapsesAt, $"ta token collect {intent.Id}",
        session.Console is { } console ? $"{console}/collect/{intent.Id}" : null);
}

/// <summary>A wish that a person has to collect.</summary>
/// <param name="Id">of the wish</param>
/// <param name="Command">what it will do</param>
/// <param name="LapsesAt">until when it may be collected; then nothing is done</param>
/// <param name="CommandLine">what the person may run</param>
/// <param name="Console">the page that the person may open; absent where the service has no console</param>
internal sealed record WaitingIntent(
    string Id, string Command, DateTimeOffset LapsesAt, string CommandLine, string? Console);

/// <summary>The fields of a new token that a model may ask for.</summary>
internal sealed record WantedToken
{
    [Description("what it may do, such as viewer; required, but for kind integration")]
    public string? PermissionSet { get; init; }

    [Description("adhoc (default), mcp or integration")]
    public string? Kind { get; init; }

    [Description("a slug, unique in the organization")]
    public string? Name { get; init; }

    [Description("accounts, integrations or organizations that it is narrowed to; left out: what you may reach")]
    public Resources? Resources { get; init; }

    [Description("how long its access secrets live, such as 12h")]
    public string? Life { get; init; }

    [Description("for kind integration: the integration that it opens")]
    public string? IntegrationId { get; init; }

    [Description("for kind mcp: the MCP server that it is for; this one where it is left out")]
    public string? Resource { get; init; }

    [Description("for kind mcp: the only tools that it may use")]
    public IReadOnlyList<string>? Tools { get; init; }

    [Description("for kind mcp: it only looks")]
    public bool? ReadOnly { get; init; }

    [Description("what it is for")]
    public string? Description { get; init; }

    [Description("words to find it by, at most 16")]
    public IReadOnlyList<string>? Labels { get; init; }

    [Description("whom to ask about it")]
    public string? Contact { get; init; }

    [Description("addresses and CIDR ranges from which it is accepted")]
    public IReadOnlyList<string>? Addresses { get; init; }

    [Description("how often it is accepted in all")]
    public long? Uses { get; init; }

    [Description("what it dies with: member (default), parent (what collects it) or organization")]
    public string? BelongsTo { get; init; }

    public NewToken ToNewToken() => new()
    {
        PermissionSet = PermissionSet,
        Kind = Kind,
        Name = Name,
        Resources = Resources,
        Life = Life,
        IntegrationId = IntegrationId,
        Resource = Resource,
        Tools = Tools,
        ReadOnly = ReadOnly,
        Description = Description,
        Labels = Labels,
        Contact = Contact,
        Addresses = Addresses,
        Uses = Uses,
        BelongsTo = BelongsTo,
    };
}
