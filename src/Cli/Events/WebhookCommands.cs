using System.CommandLine;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;
using TokenActors.Client.Webhooks;

namespace TokenActors.Cli.Events;

/// <summary><c>ta webhook</c>.</summary>
internal static class WebhookCommands
{
    private static readonly Argument<string> Id = new("webhook") { Description = "its id" };
    private static readonly Argument<string> Url = new("endpoint") { Description = "where events are posted" };
    private static readonly Argument<string> Delivery = new("delivery") { Description = "webhook-id of an event" };
    private static readonly Option<string?> NewUrl = new("--endpoint")
    {
        Description = "where events are posted", HelpName = "url",
    };

    private static readonly Option<string?> Name = new("--name") { Description = "of the endpoint", HelpName = "name" };
    private static readonly Option<string[]> Types = new("--type")
    {
        Description = "of events, such as token.rotated", HelpName = "type",
    };

    private static readonly Option<string[]> Accounts = new("--account")
    {
        Description = "only of an account", HelpName = "id",
    };

    private static readonly Option<string[]> AccountLabels = new("--account-label")
    {
        Description = "only of accounts with it", HelpName = "word",
    };

    private static readonly Option<string?> Description = new("--description")
    {
        Description = "what it is for", HelpName = "text",
    };

    private static readonly Option<string?> Status = new("--status")
    {
        Description = "waiting, delivered, given_up or filtered", HelpName = "word",
    };

    private static readonly Option<string> Since = new("--since")
    {
        Description = "2d or 12h ago, or a time; at most 14 days", HelpName = "time", Required = true,
    };

    private static Option[] Fields => [Name, Types, Accounts, AccountLabels, Description];

    public static Command Of(CommandHost host) => CommandHost.Group(
        "webhook", "endpoints that are sent events",
        [
            host.Verb("list", "the endpoints of the organization", List, CommonOptions.Watch),
            host.Verb("show", "one endpoint", async i => i.Show(await Get(i).ConfigureAwait(false), Views.Webhook), Id),
            host.Verb(
                "create", "make an endpoint; its signing secret is shown once", Create,
                [Url, .. Fields, .. CommonOptions.ForChanges]),
            host.Verb("edit", "change an endpoint", Edit, [Id, NewUrl, .. Fields, .. CommonOptions.ForChanges]),
            host.Verb("delete", "delete an endpoint",
                i => i.Change(i.Client.Webhooks.Delete(i.Get(Id)), Views.Webhook, $"{i.Get(Id)} will be gone."), [Id, .. CommonOptions.ForDangers]),
            host.Verb("rotate-secret", "put another signing secret in use",
                i => i.Change(i.Client.Webhooks.RotateSecret(i.Get(Id)), Views.Webhook), [Id, .. CommonOptions.ForChanges]),
            host.Verb(
                "enable", "send events again", i => i.Change(i.Client.Webhooks.Enable(i.Get(Id)), Views.Webhook),
                [Id, .. CommonOptions.ForChanges]),
            host.Verb(
                "disable", "send nothing any more, also not what waits",
                i => i.Change(i.Client.Webhooks.Disable(i.Get(Id)), Views.Webhook, $"Nothing will be sent to {i.Get(Id)}, also not what waits."),
                [Id, .. CommonOptions.ForDangers]),
            host.Verb("test", "send webhook.test", i => i.Change(i.Client.Webhooks.Test(i.Get(Id)), Views.Queued), Id),
            host.Verb("redeliver", "send an event that is over once more",
                i => i.Change(i.Client.Webhooks.Redeliver(i.Get(Id), i.Get(Delivery)), Views.Queued), Id, Delivery),
            host.Verb("replay", "send every event since then", Replay, Id, Since),
            host.Verb("deliveries", "what was sent and will be sent", i => i.List(
                Views.Delivery, query => i.Client.Webhooks.Deliveries(i.Get(Id), i.Get(Status), query)), [Id, Status, .. CommonOptions.ForPages]),
            ListenCommand.Of(host),
        ]);

    private static Task<ExitCode> List(Invocation i) => i.List(Views.Webhook, _ => i.Client.Webhooks.List());

    private static Task<Webhook> Get(Invocation i) => i.Client.Webhooks.Get(i.Get(Id), i.Cancellation);

    private static Task<ExitCode> Create(Invocation i) => i.Change(
        i.Client.Webhooks.Create(new NewWebhook
        {
            Url = UrlOf(i.Get(Url)), Name = i.Get(Name), Types = i.Get(Types), AccountIds = i.Get(Accounts), AccountLabels = i.Get(AccountLabels),
            Description = i.Get(Description),
        }),
        Views.Webhook);

    private static async Task<ExitCode> Edit(Invocation i)
    {
        var patch = new WebhookPatch();
        var fields = 0;
        Text(NewUrl, "url");
        Text(Name, "name");
        Text(Description, "description");
        List(Types, "types");
        List(Accounts, "account_ids");
        List(AccountLabels, "account_labels");
        if (fields == 0)
        {
            throw CliException.Usage("What is to change? See: ta webhook edit --help");
        }

        var webhook = await Get(i).ConfigureAwait(false);
        return await i.Change(
            i.Client.Webhooks.Patch(webhook.Id, patch, webhook.Tag ?? "*"), Views.Webhook).ConfigureAwait(false);

        void Text(Option<string?> option, string field)
        {
            if (i.Has(option))
            {
                patch.Set(field, i.Get(option));
                fields++;
            }
        }

        void List(Option<string[]> option, string field)
        {
            if (i.Has(option))
            {
                patch.Set(field, i.Get(option));
                fields++;
            }
        }
    }

    private static Task<ExitCode> Replay(Invocation i) => i.Change(
        i.Client.Webhooks.Replay(i.Get(Id), Times.Ago(i.Get(Since) ?? "", i.Time)), Views.Queued);

    private static Uri UrlOf(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url)
        ? url
        : throw CliException.Usage($"{text} is no URL.");
}
