using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;
using TokenActors.Client.Audit;
using TokenActors.Client.Webhooks;

namespace TokenActors.Cli.Events;

/// <summary>
/// <c>ta webhook listen</c>: posts what happens to a program on this machine, which the service could not reach. Events
/// are made of the audit trail, signed under a secret of this run as webhooks are.
/// </summary>
internal static class ListenCommand
{
    /// <summary>As the service sends: a redirection is a failure.</summary>
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(15),
    };

    private static readonly Option<string> ForwardTo = new("--forward-to")
    {
        Description = "URL that events are posted to", HelpName = "url", Required = true,
    };

    private static readonly Option<string[]> Types = new("--type")
    {
        Description = "of events, such as token.rotated", HelpName = "type",
    };

    public static Command Of(CommandHost host) => host.Verb(
        "listen", "post what happens to a program on this machine", Listen, ForwardTo, Types);

    private static async Task<ExitCode> Listen(Invocation invocation)
    {
        var target = Uri.TryCreate(invocation.Get(ForwardTo), UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https"
            ? url
            : throw CliException.Usage($"{invocation.Get(ForwardTo)} is no http or https URL.");
        var key = RandomNumberGenerator.GetBytes(32);
        var trail = new TrailFollower(
            invocation.Client.Audit, EntriesOf(invocation.Get(Types) ?? []), invocation.Time, invocation.Note);
        await trail.Begin(invocation.Cancellation).ConfigureAwait(false);
        invocation.Note($"Signed under whsec_{Convert.ToBase64String(key)} while this runs. Ctrl-C ends it.");
        await foreach (var row in trail.Rows(invocation.Cancellation).ConfigureAwait(false))
        {
            await Post(invocation, target, key, row).ConfigureAwait(false);
            await invocation.Terminal.Output.FlushAsync(invocation.Cancellation).ConfigureAwait(false);
        }

        return ExitCode.Done;
    }

    /// <summary>As a webhook that names these types would be sent them, or names none.</summary>
    private static List<string> EntriesOf(string[] types)
    {
        if (types.FirstOrDefault(type => !EventTypes.All.Contains(type)) is { } unknown)
        {
            throw CliException.Usage(
                $"{unknown} is no type of events. The types are {string.Join(", ", EventTypes.All)}.");
        }

        var wanted = types.Length > 0 ? types : [.. EventTypes.All.Where(type => type != EventTypes.TokenRefreshed)];
        return [.. wanted.SelectMany(EventTypes.EntriesOf)];
    }

    private static async Task Post(Invocation invocation, Uri target, byte[] key, AuditRow row)
    {
        var type = EventTypes.Of(row.Event);
        var body = new JsonObject
        {
            ["type"] = type, ["timestamp"] = row.At.UtcDateTime, ["data"] = DataOf(row),
        }.ToJsonString();
        var id = $"msg_{row.Number}";
        var timestamp = invocation.Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            Headers =
            {
                { "webhook-id", id },
                { "webhook-timestamp", timestamp },
                { "webhook-signature", $"v1,{Convert.ToBase64String(signature)}" },
            },
        };
        var answer = await Answer(request, invocation).ConfigureAwait(false);
        invocation.Printer.Line($"{row.At.UtcDateTime:yyyy-MM-dd HH:mm:ss'Z'}  {type}  {row.SubjectId}  {answer}");
    }

    /// <summary>What the trail knows of that which a webhook says.</summary>
    private static JsonObject DataOf(AuditRow row)
    {
        var data = new JsonObject
        {
            ["id"] = row.SubjectId, ["kind"] = row.SubjectKind, ["version"] = row.SubjectVersion, ["organization_id"] = row.OrganizationId,
        };
        foreach (var (name, value) in new[]
        {
            ("account_id", row.AccountId), ("integration_id", row.IntegrationId), ("actor_token_id", row.TokenId), ("actor_member_id", row.MemberId),
        })
        {
            if (!string.IsNullOrEmpty(value))
            {
                data[name] = value;
            }
        }

        return data;
    }

    private static async Task<string> Answer(HttpRequestMessage request, Invocation invocation)
    {
        try
        {
            using var response = await Http.SendAsync(request, invocation.Cancellation).ConfigureAwait(false);
            return ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (
            e is HttpRequestException or SocketException || (e is OperationCanceledException && !invocation.Cancellation.IsCancellationRequested))
        {
            return e.Message;
        }
    }
}
