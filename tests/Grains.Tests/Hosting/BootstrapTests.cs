using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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
using TokenActors.Hosting;
using TokenActors.Hosting.Bootstrapping;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>First starts, on a silo that has no organization yet.</summary>
public sealed class BootstrapTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-bootstrap-").FullName;
    private IHost? _host;

    private IGrainFactory Grains =>
        _host?.Services.GetRequiredService<IGrainFactory>()
            ?? throw new InvalidOperationException("the silo is not started");

    private string File => Path.Combine(_folder, "bootstrap.json");

    public async Task InitializeAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["TokenActors:DataDirectory"] = _folder });
        await builder.AddLoneSilo(SettingsReader.Read(builder.Configuration, new ServiceRules()), TimeProvider.System);
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_host is { } host)
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>0.2 stored organization, member and token by a command each, and ended the founding with a
    /// fourth.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_first_start_of_0_2_that_was_cut_off_is_finished_with_the_credentials_of_its_file(int steps)
    {
        var file = BootstrapFile.Mint(
            Guid.NewGuid().ToString(), Guid.NewGuid().ToString(), Bootstrap.AdministratorName, SecretMint.NewTokenId(TimeProvider.System));
        file.Write(File);
        var text = await System.IO.File.ReadAllTextAsync(File);
        foreach (var step in StepsOf02(file).Take(steps))
        {
            await step();
        }

        Assert.Null(await Root());
        Assert.Equal(File, await Run());
        await Opens(file);
        Assert.Equal(text, await System.IO.File.ReadAllTextAsync(File));
        Assert.Null(await Run());
        await Opens(file);
    }

    [Fact]
    public async Task A_first_start_writes_credentials_that_work_and_a_second_changes_nothing()
    {
        Assert.Equal(File, await Run());
        var file = BootstrapFile.Read(File);
        await Opens(file);
        System.IO.File.Delete(File);
        Assert.Null(await Run());
        Assert.False(System.IO.File.Exists(File));
        await Opens(file);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{")]
    public async Task A_file_that_cannot_be_read_ends_the_start_and_makes_nothing(string text)
    {
        await System.IO.File.WriteAllTextAsync(File, text);
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(Run);
        Assert.Contains($"{File} cannot be read", problem.Message);
        Assert.Null(await Root());
    }

    private Task<string?> Run() => new Bootstrap(Grains, TimeProvider.System).Run(_folder);

    private Task<OrganizationView?> Root() =>
        Grains.GetGrain<ICatalogGrain>("0").FindOrganization(null, OrganizationType.Root);

    /// <summary>The root organization, its administrator and the first pair are those of the file.</summary>
    private async Task Opens(BootstrapFile file)
    {
        Assert.Equal(file.OrganizationId, (await Root())?.Id.ToString());
        Assert.Equal(file.MemberName, (await Grains.GetGrain<IMemberGrain>(file.MemberId).Get())?.Name);
        var answer = await Grains.GetGrain<IRefreshTokenGrain>(file.RefreshTokenId)
            .Verify(new VerifyToken { Presented = file.Pair.Access.Fingerprint() });
        Assert.Equal(file.MemberId, answer.Token?.MemberId.ToString());
    }

    private IEnumerable<Func<Task>> StepsOf02(BootstrapFile file)
    {
        var organization = OrganizationId.Parse(file.OrganizationId);
        var member = MemberId.Parse(file.MemberId);
        var token = TokenId.Parse(file.RefreshTokenId);
        yield return () => Grains.GetGrain<IOrganizationGrain>(file.OrganizationId).CreateOrganization(new CreateOrganization
        {
            Context = Command(organization.Value), Type = OrganizationType.Root, Name = "root", FullName = "Root organization",
            RefreshTokenId = token,
        });
        yield return () => Grains.GetGrain<IMemberGrain>(file.MemberId).Create(new CreateMember
        {
            Context = Command(member.Value), OrganizationId = organization, Name = file.MemberName, FullName = "Administrator",
            RoleBinding = [BuiltinRoles.RootAdministrator], Password = Passwords.Derive(file.MemberSecret),
        });
        yield return () => Grains.GetGrain<IRefreshTokenGrain>(file.RefreshTokenId).Issue(new IssueToken
        {
            Context = Command(token.Value), Profile = TokenProfile.Default.Name, OrganizationId = organization, MemberId = member,
            Name = "default", FullName = "Default token of the organization", Roles = [BuiltinRoles.RootAdministrator],
            Secrets = file.Pair.ToMinted(),
        });
    }

    private static CallContext Command(Guid id) => new() { CommandId = id };
}
