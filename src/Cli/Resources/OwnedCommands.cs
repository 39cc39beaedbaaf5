using System.CommandLine;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;

namespace TokenActors.Cli.Resources;

/// <summary>Resources that lie within another: <c>ta integration</c> and <c>ta credential</c>.</summary>
internal static class OwnedCommands
{
    private static readonly Argument<string> Account = new("account") { Description = "id or name of its account" };
    private static readonly Argument<string> Owner = new("owner")
    {
        Description = "account, integration or other owner, by id or name",
    };

    private static readonly Argument<string> Id = new("id") { Description = "id or name" };

    private static readonly Option<string?> In = new("--account")
    {
        Description = "only those of an account", HelpName = "id",
    };

    private static readonly Option<string?> Name = new("--name") { Description = "of the new one", HelpName = "name" };
    private static readonly Option<string?> FullName = new("--fullname")
    {
        Description = "name for people", HelpName = "text",
    };

    private static readonly Option<string?> Point = new("--integration-point")
    {
        Description = "that it is made by", HelpName = "id",
    };

    private static readonly Argument<string> Config = new("config")
    {
        Description = "file with its configuration in JSON; - is stdin",
    };

    public static Command Integrations(CommandHost host) => CommandHost.Group(
        "integration", "connections to providers",
        host.Verb("list", "integrations that you may see", i => i.List(
            Views.Integration, query => i.Client.Integrations.List(i.Get(In), query)), [In, .. CommonOptions.ForLists]),
        host.Verb("show", "one integration", async i => i.Show(
            await i.Client.Integrations.Get(i.Get(Account), i.Get(Id), i.Cancellation).ConfigureAwait(false), Views.Integration), Account, Id),
        host.Verb("create", "make an integration; the secrets of its token are shown once", i => i.Change(
            i.Client.Integrations.Create(i.Get(Account), new()
            {
                Name = i.Get(Name), Fullname = i.Get(FullName), IntegrationPointId = i.Get(Point), ProviderConfig = Input.Json(i, i.Get(Config)),
            }),
            Views.CreatedIntegration), [Account, Config, Name, FullName, Point, .. CommonOptions.ForChanges]),
        host.Verb("edit", "change its fields", i => i.Change(
            i.Client.Integrations.Patch(i.Get(Account), i.Get(Id), Input.Patch(i, Views.Integration)), Views.Integration),
            [Account, Id, .. Input.PatchOptions, CommonOptions.DryRun]),
        host.Verb("delete", "delete it, with its tokens and credentials", i => i.Change(
            i.Client.Integrations.Delete(i.Get(Account), i.Get(Id)), Views.Integration, $"{i.Get(Id)} will be gone."),
            [Account, Id, CommonOptions.DryRun, CommonOptions.Yes]));

    public static Command Credentials(CommandHost host) => CommandHost.Group(
        "credential", "secrets of providers",
        host.Verb("list", "credentials of an owner", i => i.List(
            Views.Credential, query => i.Client.Credentials.List(i.Get(Owner), query)), [Owner, .. CommonOptions.ForLists]),
        host.Verb("show", "one credential, without its secret", async i => i.Show(
            await i.Client.Credentials.Get(i.Get(Owner), i.Get(Id), i.Cancellation).ConfigureAwait(false), Views.Credential), Owner, Id),
        host.Verb("create", "make a credential", i => i.Change(
            i.Client.Credentials.Create(
                i.Get(Owner),
                new() { Name = i.Get(Name), Fullname = i.Get(FullName), Config = Input.Json(i, i.Get(Config)) }),
            Views.Credential), [Owner, Config, Name, FullName, CommonOptions.Key]),
        host.Verb("edit", "change its fields", i => i.Change(
            i.Client.Credentials.Patch(i.Get(Owner), i.Get(Id), Input.Patch(i, Views.Credential)), Views.Credential), [Owner, Id, .. Input.PatchOptions]),
        host.Verb("delete", "delete it", i =>
        {
            i.Confirm($"{i.Get(Id)} will be gone.");
            return i.Change(i.Client.Credentials.Delete(i.Get(Owner), i.Get(Id)), Views.Credential);
        }, [Owner, Id, CommonOptions.Yes]));
}
