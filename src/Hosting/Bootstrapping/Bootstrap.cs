using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Hosting.Bootstrapping;

/// <summary>
/// The first start: makes a root organization, its administrator and its default token in one commit. The credentials
/// are on disk before the commit, so that no crash locks the operator out. Later starts find the organization and
/// change nothing.
/// </summary>
internal sealed class Bootstrap(IGrainFactory grains, TimeProvider time)
{
    public const string AdministratorName = "administrator";

    /// <param name="folder">where <c>bootstrap.json</c> is written, or was written by a start that was cut off</param>
    /// <returns>the file with the new organization's credentials; null where the organization existed</returns>
    public async Task<string?> Run(string folder)
    {
        if (await grains.GetGrain<ICatalogGrain>("0").FindOrganization(null, OrganizationType.Root) is not null)
        {
            return null;
        }

        DataFolder.Create(folder);
        var path = Path.Combine(folder, "bootstrap.json");
        var file = File.Exists(path) ? BootstrapFile.Read(path) : Create(path);
        await Provision(file);
        return path;
    }

    private BootstrapFile Create(string path)
    {
        var file = BootstrapFile.Mint(
            NewId().ToString(), NewId().ToString(), AdministratorName, SecretMint.NewTokenId(time));
        file.Write(path);
        return file;
    }

    /// <summary>
    /// The command ids are the ids of what is made, so that a repeated run is recognized as the same command.
    /// </summary>
    private async Task Provision(BootstrapFile file)
    {
        var organization = OrganizationId.Parse(file.OrganizationId);
        var member = MemberId.Parse(file.MemberId);
        var token = TokenId.Parse(file.RefreshTokenId);
        var command = new ProvisionOrganization
        {
            Organization = new CreateOrganization
            {
                Context = Command(organization.Value),
                Type = OrganizationType.Root,
                Name = "root",
                FullName = "Root organization",
                RefreshTokenId = token,
            },
            MemberId = member,
            Member = new CreateMember
            {
                Context = Command(member.Value),
                OrganizationId = organization,
                Name = file.MemberName,
                FullName = "Administrator",
                RoleBinding = [BuiltinRoles.RootAdministrator],
                Password = Passwords.Derive(file.MemberSecret),
            },
            Token = new IssueToken
            {
                Context = Command(token.Value),
                Profile = TokenProfile.Default.Name,
                OrganizationId = organization,
                MemberId = member,
                Name = "default",
                FullName = "Default token of the organization",
                Roles = [BuiltinRoles.RootAdministrator],
                Secrets = file.Pair.ToMinted(),
            },
        };
        var answer = await grains.GetGrain<IOrganizationGrain>(file.OrganizationId).Provision(command);
        if (answer is { Refusal: { } refusal })
        {
            throw new InvalidOperationException($"The root organization cannot be made: {refusal}.");
        }

        if (await grains.GetGrain<ICatalogGrain>("0").FindOrganization(null, OrganizationType.Root) is null)
        {
            await Resume(command);
        }
    }

    /// <summary>
    /// Finishes a first start of version 0.2 that was cut off. It left the organization alone or with its member, since
    /// 0.2 made the three with three commands; the missing ones are made the same way.
    /// </summary>
    private async Task Resume(ProvisionOrganization command)
    {
        _ = await grains.GetGrain<IMemberGrain>(command.MemberId.ToString()).Create(command.Member)
            ?? throw new InvalidOperationException("The administrator cannot be made: its id or name is taken.");
        var token = await grains.GetGrain<IRefreshTokenGrain>(command.Organization.RefreshTokenId.ToString())
            .Issue(command.Token);
        if (token.Refusal is { } refusal)
        {
            throw new InvalidOperationException($"The default token cannot be issued: {refusal}.");
        }

        await grains.GetGrain<IOrganizationGrain>(command.Token.OrganizationId.ToString())
            .FinishFounding(Command(NewId()));
    }

    private Guid NewId() => Guid.CreateVersion7(time.GetUtcNow());

    private static CallContext Command(Guid id) => new() { CommandId = id };
}
