using Microsoft.Extensions.DependencyInjection;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests;

/// <summary>
/// Clients that leave: what waits or reads is called off, what is about to be written is not, and nobody else
/// notices.
/// </summary>
[Collection("silo")]
public sealed class CancellationTests(SiloFixture silo) : IDisposable
{
    private readonly CancellationTokenSource _client = new();
    private readonly TaskCompletionSource _gate = new();
    private int _heldBefore;

    public void Dispose()
    {
        _gate.TrySetResult();
        silo.Store.Gate = Task.CompletedTask;
        _client.Dispose();
    }

    [Fact]
    public async Task A_list_whose_client_leaves_ends_at_once_and_the_next_is_served()
    {
        var (organization, member) = await silo.NewOrganization();
        await silo.NewToken(organization, member, name: "one");
        var catalog = silo.Grains.GetGrain<ICatalogGrain>("0");
        var request = new ListRequest { OrganizationId = organization, Limit = 10 };

        CloseGate();
        var list = catalog.ListTokens(request, _client.Token);
        await ReadsHeld(1);
        await Leave();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => list);

        silo.Store.Gate = Task.CompletedTask;
        Assert.Single((await catalog.ListTokens(request)).Tokens ?? []);
    }

    /// <summary>The grain does not wait for the read that nobody needs any more: it takes the next call.</summary>
    [Fact]
    public async Task A_read_whose_client_leaves_does_not_keep_the_grain()
    {
        var (organization, member) = await silo.NewOrganization();
        var id = SecretMint.NewTokenId(silo.Clock);
        Assert.Equal(TokenRefusal.NotFound, (await silo.Token(id).Get(organization)).Refusal);

        CloseGate();
        var first = silo.Token(id).Issue(Issue(id, organization, member), _client.Token);
        await ReadsHeld(1);
        var second = silo.Token(id).Issue(Issue(id, organization, member));
        await Leave();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await ReadsHeld(2);
        _gate.SetResult();
        Assert.Null((await second).Refusal);
        Assert.Single(await silo.Store.AuditOf(id.ToString()));
    }

    [Fact]
    public async Task A_command_whose_client_leaves_before_its_turn_is_never_carried_out()
    {
        var token = await silo.NewToken();
        var queued = HoldWrite();
        var first = silo.Token(token.Id).Describe(Renamed("first"));
        await queued;
        var second = silo.Token(token.Id).Describe(Renamed("second"), _client.Token);
        await Leave();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await NewsReached();

        _gate.SetResult();
        Assert.Equal(2, (await first).Token?.Version);
        var third = await silo.Token(token.Id).Describe(Renamed("first"));
        Assert.Equal("first", third.Token?.FullName);
        Assert.Equal(2, third.Token?.Version);
    }

    [Fact]
    public async Task A_command_whose_client_leaves_after_its_commit_was_queued_is_carried_out_once()
    {
        var token = await silo.NewToken();
        var command = Renamed("renamed");
        var queued = HoldWrite();
        var call = silo.Token(token.Id).Describe(command, _client.Token);
        await queued;
        await Leave();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        _gate.SetResult();
        var again = await silo.Token(token.Id).Describe(command);
        Assert.Equal("renamed", again.Token?.FullName);
        Assert.Equal(2, again.Token?.Version);
        Assert.Equal(2, (await silo.Store.Read(new RecordKey(Kinds.Token, token.Id.ToString())))?.Version);
        Assert.Equal(2, (await silo.Store.AuditOf(token.Id.ToString())).Count);
    }

    /// <summary>
    /// A refresh waits for its organization to be loaded. Its client leaves; another's does not, and is answered by
    /// the same load.
    /// </summary>
    [Fact]
    public async Task A_refresh_whose_client_leaves_changes_nothing_and_takes_no_load_from_others()
    {
        var (organization, member) = await silo.NewOrganization();
        var token = await silo.NewToken(organization, member);
        await Forget(organization, member);
        var commits = silo.Store.Commits;

        CloseGate();
        var verification = silo.Verify(token.Id, token.Pair.Access);
        await ReadsHeld(1);
        var refresh = silo.Token(token.Id).Refresh(Refresh(token), _client.Token);
        await Leave();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => refresh);

        // With the gate closed only an activation that was not dropped can answer.
        Assert.Equal(1, (await silo.Token(token.Id).Get(organization)).Token?.Version);
        _gate.SetResult();
        Assert.Null((await verification).Refusal);
        Assert.Equal(commits, silo.Store.Commits);
        Assert.Null((await silo.Refresh(token.Id, token.Pair.Refresh!)).Answer.Refusal);
    }

    [Fact]
    public async Task An_activation_whose_only_client_left_while_it_loaded_does_not_stay()
    {
        var id = SecretMint.NewTokenId(silo.Clock);
        CloseGate();
        var call = silo.Token(id).Get(new(Guid.NewGuid()), _client.Token);
        await ReadsHeld(1);
        await Leave();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        _gate.SetResult();
        var management = silo.Grains.GetGrain<IManagementGrain>(0);
        var grain = silo.Token(id).GetGrainId();
        await Eventually.Holds(
            async () => !(await management.GetActiveGrains(grain.Type)).Contains(grain), "an id that names nothing leaves the memory");
    }

    private static DescribeToken Renamed(string name) => new() { Context = SiloFixture.Command(), FullName = name };

    private static IssueToken Issue(TokenId id, OrganizationId organization, MemberId member) => new()
    {
        Context = SiloFixture.Command(),
        Profile = TokenProfile.Organization.Name,
        OrganizationId = organization,
        MemberId = member,
        Secrets = SecretMint.Mint(TokenProfile.Organization, id).ToMinted(),
    };

    private static RefreshToken Refresh(TestToken token)
    {
        var next = SecretMint.Mint(TokenProfile.Organization, token.Id);
        return new RefreshToken
        {
            Context = SiloFixture.Command(),
            Presented = token.Pair.Refresh!.Fingerprint(),
            Secrets = next.ToMinted(),
            Sealed = SecretMint.SealForHolder(next, token.Pair.Refresh!, token.Id),
        };
    }

    private Task Leave() => _client.CancelAsync();

    private void CloseGate()
    {
        _heldBefore = silo.Store.Held;
        silo.Store.Gate = _gate.Task;
    }

    private Task ReadsHeld(int count) =>
        Eventually.Holds(() => silo.Store.Held - _heldBefore >= count, $"{count} reads wait");

    /// <summary>
    /// Silos are told in order which calls are called off, after the clients: another call is called off, and its
    /// grain is seen to go on.
    /// </summary>
    private async Task NewsReached()
    {
        var (organization, member) = await silo.NewOrganization();
        var id = SecretMint.NewTokenId(silo.Clock);
        await silo.Token(id).Get(organization);
        CloseGate();
        using var other = new CancellationTokenSource();
        var first = silo.Token(id).Issue(Issue(id, organization, member), other.Token);
        await ReadsHeld(1);
        var second = silo.Token(id).Issue(Issue(id, organization, member));
        await other.CancelAsync();
        await ReadsHeld(2);
        _ = first.ContinueWith(static call => call.Exception, TaskScheduler.Default);
        _ = second.ContinueWith(static call => call.Exception, TaskScheduler.Default);
    }

    /// <summary>Holds the next commit once it is with the store. The result completes when it is.</summary>
    private Task HoldWrite()
    {
        var queued = new TaskCompletionSource();
        silo.Store.Overtake = async _ =>
        {
            queued.TrySetResult();
            await _gate.Task;
        };
        silo.Store.Next(Fault.Overtaken);
        return queued.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>Takes an organization's grain out of memory: its commit fails.</summary>
    private async Task Forget(OrganizationId organization, MemberId member)
    {
        silo.Store.Next(Fault.Lost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(
            () => silo.Organization(organization).SetStatus(SiloFixture.Command(), OrganizationStatus.Disabled));
        var authorities = silo.Services.GetRequiredService<LocalAuthorities>();
        var query = new OwnerStatusQuery { MemberId = member };
        await Eventually.Holds(() => authorities.Ask(organization, query) is null, "it has left");
    }
}
