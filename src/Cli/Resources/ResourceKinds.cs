using System.CommandLine;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;
using TokenActors.Client.Resources;

namespace TokenActors.Cli.Resources;

/// <summary><c>ta account</c>, <c>member</c>, <c>role</c>, <c>integration</c>, <c>credential</c> and
/// <c>org</c>.</summary>
internal static class ResourceKinds
{
    private static readonly Argument<string> Id = new("id") { Description = "id or name" };
    private static readonly Argument<string?> Name = new("name")
    {
        Description = "of the new one", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string> MemberName = new("name")
    {
        Description = "an email address, or one word for a service",
    };

    private static readonly Option<string?> FullName = new("--fullname")
    {
        Description = "name for people", HelpName = "text",
    };

    private static readonly Option<string?> Environment = new("--environment")
    {
        Description = "test or prod", HelpName = "word",
    };

    private static readonly Option<string[]> Labels = new("--label")
    {
        Description = "word to find it by", HelpName = "word",
    };

    private static readonly Option<string?> Description = new("--description")
    {
        Description = "what it is for", HelpName = "text",
    };

    private static readonly Option<string[]> Roles = new("--role")
    {
        Description = "role of the member", HelpName = "name",
    };

    private static readonly Option<string?> Type = new("--type")
    {
        Description = "personal or service", HelpName = "word",
    };

    private static readonly Option<string> PermissionSet = new("--permission-set")
    {
        Description = "such as viewer", HelpName = "name", Required = true,
    };

    public static IEnumerable<Command> Of(CommandHost host) =>
    [
        Kind(host, "account", "accounts", Views.Account, i => i.Client.Accounts, host.Verb(
            "create", "make an account", i => i.Change(i.Client.Accounts.Create(new()
            {
                Name = i.Find(Name), Fullname = i.Get(FullName), Environment = i.Get(Environment), Labels = i.Get(Labels) is { Length: > 0 } labels ? labels : null,
            }), Views.Account), [Name, FullName, Environment, Labels, .. CommonOptions.ForChanges])),
        Kind(host, "member", "people and services that log on", Views.Member, i => i.Client.Members, host.Verb(
            "create", "make a member; its first password comes from stdin", i => i.Change(i.Client.Members.Create(new()
            {
                Name = i.Get(MemberName), Fullname = i.Get(FullName), RoleBinding = i.Get(Roles)
                    ?? [], Type = i.Get(Type), Secret = i.ReadPassword("Password:"),
            }), Views.Member), [MemberName, FullName, Roles, Type, .. CommonOptions.ForChanges])),
        Kind(host, "role", "rights under names", Views.Role, i => i.Client.Roles, host.Verb(
            "create", "make a role", i => i.Change(i.Client.Roles.Create(new()
            {
                Name = i.Find(Name), Fullname = i.Get(FullName), Description = i.Get(Description), PermissionSet = i.Get(PermissionSet) ?? "",
            }), Views.Role), [Name, FullName, Description, PermissionSet, .. CommonOptions.ForChanges])),
        OwnedCommands.Integrations(host),
        OwnedCommands.Credentials(host),
        CommandHost.Group(
            "org", "your organization",
            host.Verb("show", "the organization", async i => i.Show(
                await i.Client.Organization.Get(i.Cancellation).ConfigureAwait(false), Views.Organization)),
            host.Verb("edit", "change its fields", i => i.Change(
                i.Client.Organization.Patch(Input.Patch(i, Views.Organization)), Views.Organization),
                [.. Input.PatchOptions, CommonOptions.DryRun]),
            host.Verb("list", "the organizations below it", i => i.List(
                Views.Organization, i.Client.Organization.Suborganizations),
                CommonOptions.ForLists),
            host.Verb("permission-sets", "the permission sets that there are", PermissionSets)),
    ];

    /// <summary>What every kind of resource can.</summary>
    private static Command Kind<T, TNew>(
        CommandHost host, string name, string description, View view, Func<Invocation, ResourcesClient<T, TNew>> client, Command create)
        where T : Resource => CommandHost.Group(
            name, description,
            host.Verb("list", $"{name}s that you may see", i => i.List(view, client(i).List), CommonOptions.ForLists),
            host.Verb("show", $"one {name}", async i => i.Show(
                await client(i).Get(i.Get(Id), i.Cancellation).ConfigureAwait(false), view), Id),
            create,
            host.Verb("edit", "change its fields", i => i.Change(
                client(i).Patch(i.Get(Id), Input.Patch(i, view)), view),
                [Id, .. Input.PatchOptions, CommonOptions.DryRun]),
            host.Verb("delete", "delete it, with what hangs on it", i => i.Change(
                client(i).Delete(i.Get(Id)), view, $"{i.Get(Id)} will be gone."),
                [Id, CommonOptions.DryRun, CommonOptions.Yes]));

    private static async Task<ExitCode> PermissionSets(Invocation invocation)
    {
        invocation.Printer.List(
            await invocation.Client.Organization.PermissionSets(invocation.Cancellation).ConfigureAwait(false), Views.PermissionSet);
        return ExitCode.Done;
    }
}
