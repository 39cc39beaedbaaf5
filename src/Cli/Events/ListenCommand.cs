using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;
using TokenActors.Client;
using TokenActors.Client.Audit;

namespace TokenActors.Cli.Events;

/// <summary>
/// <c>ta webhook listen</c>: posts what happens to a program on this machine, which the service could not reach. Events are
/// made of the audit trail, signed under a secret of this run as webhooks are.
/// </summary>
internal static class ListenCommand
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Rows may appear this much later than younger ones.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    private static readonly HttpClient Http = new();

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
            ? url
            : throw CliException.Usage($"{invocation.Get(ForwardTo)} is no URL.");
        var key = RandomNumberGenerator.GetBytes(32);
        var since = invocation.Time.GetUtcNow();
        HashSet<long> seen = [];
        invocation.Note($"Signed under whsec_{Convert.ToBase64String(key)} while this runs. Ctrl-C ends it.");
        while (true)
        {
            await foreach (var row in New(invocation, since, seen).ConfigureAwait(false))
            {
                await Post(invocation, target, key, row).ConfigureAwait(false);
            }

            await invocation.Terminal.Output.FlushAsync(invocation.Cancellation).ConfigureAwait(false);
            await Task.Delay(Every, invocation.Time, invocation.Cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Rows that were not seen yet, oldest first.</summary>
    private static async IAsyncEnumerable<AuditRow> New(Invocation invocation, DateTimeOffset since, HashSet<long> seen)
    {
        var from = invocation.Time.GetUtcNow() - Overlap;
        var query = new ListQuery
        {
            Filters =
            [
                $"at[gte]{(from > since ? from : since).UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}", "outcome[eq]done",
            ],
            Order = ["at[asc]"],
            Limit = 500,
        };
        var types = invocation.Get(Types) ?? [];
        await foreach (var row in invocation.Client.Audit.List(query).WithCancellation(invocation.Cancellation).ConfigureAwait(false))
        {
            if (seen.Add(row.Number) && (types.Length == 0 || types.Contains(row.Event)))
            {
                yield return row;
            }
        }
    }

    private static async Task Post(Invocation invocation, Uri target, byte[] key, AuditRow row)
    {
        var body = new JsonObject
        {
            ["type"] = row.Event,
            ["timestamp"] = row.At.UtcDateTime,
            ["data"] = new JsonObject
            {
                ["id"] = row.SubjectId,
                ["kind"] = row.SubjectKind,
                ["version"] = row.SubjectVersion,
                ["organization_id"] = row.OrganizationId,
                ["actor_token_id"] = row.TokenId,
                ["actor_member_id"] = row.MemberId,
            },
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
        invocation.Printer.Line($"{row.At.UtcDateTime:yyyy-MM-dd HH:mm:ss'Z'}  {row.Event}  {row.SubjectId}  {answer}");
    }

    private static async Task<string> Answer(HttpRequestMessage request, Invocation invocation)
    {
        try
        {
            using var response = await Http.SendAsync(request, invocation.Cancellation).ConfigureAwait(false);
            return ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
    }
}
