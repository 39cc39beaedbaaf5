using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Catalog;
using TokenActors.Grains.Foundation;
using TokenActors.Hosting.Bootstrapping;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage.Records;

namespace TokenActors.Silo.Operations;

/// <summary>Commands for an operator who cannot log on, or who enables or disables an organization.</summary>
internal static class Administration
{
    public static async Task ResetAdministrator(
        ServiceOptions options, string name, string folder, bool dryRun, CancellationToken stopping)
    {
        var path = Path.Combine(folder, "administrator.json");
        if (dryRun)
        {
            await SayReset(options, name, path);
            return;
        }

        await using var session = await OperatorSession.Open(options, stopping);
        var catalog = session.Grains.GetGrain<ICatalogGrain>("0");
        var organization = await catalog.FindOrganization(null, OrganizationType.Root, stopping) ?? throw NoRoot();
        var challenge = await session.Grains.GetGrain<IOrganizationGrain>(organization.Id.ToString()).Challenge(name, stopping);
        var member = session.Grains.GetGrain<IMemberGrain>(challenge.MemberId.ToString());
        if (await member.Get(stopping) is null)
        {
            throw NoMember(name);
        }

        // Written before the credentials become valid, so that no failure leaves the operator without them.
        DataFolder.Create(folder);
        var file = BootstrapFile.Mint(
            organization.Id.ToString(), challenge.MemberId.ToString(), name, organization.RefreshTokenId);
        file.Write(path);
        await member.ResetPassword(NewCommand(), Passwords.Derive(file.MemberSecret), CancellationToken.None);
        var token = session.Grains.GetGrain<IRefreshTokenGrain>(file.RefreshTokenId);
        await token.Enable(new ChangeToken { Context = NewCommand() }, CancellationToken.None);
        var answer = await token.Reset(
            new RenewToken { Context = NewCommand(), Secrets = file.Pair.ToMinted() }, CancellationToken.None);
        Console.WriteLine(answer.Refusal is { } refusal
            ? throw new InvalidOperationException($"The password is reset; the default token is not: {refusal}.")
            : $"Member '{name}' has a new password and the default token new secrets; they are in {path}.");
    }

    public static async Task SetOrganization(
        ServiceOptions options, string idOrName, OrganizationStatus status, bool dryRun, CancellationToken stopping)
    {
        var state = status == OrganizationStatus.Enabled ? "enabled" : "disabled";
        if (dryRun)
        {
            var found = await Find(options, idOrName);
            Console.WriteLine($"Organization {found.Name} ({found.Key.Id}) would be {state}.");
            return;
        }

        await using var session = await OperatorSession.Open(options, stopping);
        var organization = (Guid.TryParse(idOrName, out var id)
                ? await session.Grains.GetGrain<IOrganizationGrain>(id.ToString()).Get(stopping)
                : await session.Grains.GetGrain<ICatalogGrain>("0").FindOrganization(idOrName, null, stopping))
            ?? throw NoOrganization(idOrName);
        await session.Grains.GetGrain<IOrganizationGrain>(organization.Id.ToString())
            .SetStatus(NewCommand(), status, stopping);
        Console.WriteLine($"Organization {organization.Name} ({organization.Id}) is {state}.");
    }

    /// <summary>Dry runs read the database themselves: a silo of the command's own would write to it.</summary>
    private static async Task SayReset(ServiceOptions options, string name, string path)
    {
        await using var store = await OperatorStore.Open(options);
        var organization = await CatalogGrain.FindOrganization(store, null, OrganizationType.Root) ?? throw NoRoot();
        _ = await store.FindByName(new RecordScope(Kinds.Member, organization.Id.ToString()), name)
            ?? throw NoMember(name);
        Console.WriteLine(
            $"Would reset member '{name}' and the default token of organization {organization.Id}, and write {path}.");
    }

    private static async Task<StoredRecord> Find(ServiceOptions options, string idOrName)
    {
        await using var store = await OperatorStore.Open(options);
        var found = Guid.TryParse(idOrName, out var id)
            ? await store.Read(new RecordKey(Kinds.Organization, id.ToString()))
            : await store.FindByName(new RecordScope(Kinds.Organization, OrganizationId: ""), idOrName);
        return found is { Status: StoredRecord.Live } ? found : throw NoOrganization(idOrName);
    }

    private static InvalidOperationException NoRoot() =>
        new("The service has no root organization yet: run --migrate --bootstrap-out DIR.");

    private static InvalidOperationException NoMember(string name) =>
        new($"The root organization has no member '{name}'.");

    private static InvalidOperationException NoOrganization(string idOrName) =>
        new($"There is no organization '{idOrName}'.");

    private static CallContext NewCommand() =>
        new() { CommandId = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()) };
}
