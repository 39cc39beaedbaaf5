using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Credentials;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Tests;

/// <summary>A pepper is replaced while its secrets are in use.</summary>
public sealed class PepperTests
{
    private static readonly (string, string) First = ("p1", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    private static readonly (string, string) Second = ("p2", Convert.ToBase64String(
        RandomNumberGenerator.GetBytes(32)));
    private static readonly (string, string) Third = ("p3", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

    [Fact]
    public async Task Digests_move_to_the_new_pepper_when_they_are_used_and_the_old_one_can_go()
    {
        var silo = new SiloFixture { Peppers = [First] };
        await silo.StartAsync();
        try
        {
            var (organization, member) = await silo.NewOrganization();
            var token = await silo.NewToken(organization, member);
            silo.Peppers = [Second, First];
            await silo.RestartAsync();
            Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
            Assert.True(await silo.Accepts(token.Id, token.Pair.Refresh!));
            var proof = new PasswordProof { Context = SiloFixture.Command(), Derived = new Secret("derived").Fingerprint() };
            Assert.Equal(
                AuthOutcome.Success,
                (await silo.Grains.GetGrain<IMemberGrain>(member.ToString()).Logon(proof)).Outcome);

            await Eventually.Holds(
                async () => !ShownToken.Of((await silo.Store.Read(new("token", token.Id.ToString())))!).Contains(
                    "\"p1\"", StringComparison.Ordinal),
                "both digests moved");
            Assert.DoesNotContain("\"p1\"", (await silo.Store.Read(new("member", member.ToString())))!.State);
            Assert.Equal(
                2, (await silo.Store.AuditOf(token.Id.ToString())).Count(a => a.Event == "token.digest_renewed"));
            await silo.Services.GetRequiredService<RecordStore>().Peppers.Forget("p1");

            silo.Peppers = [Second];
            await silo.RestartAsync();
            Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
            Assert.True(await silo.Accepts(token.Id, token.Pair.Refresh!));
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_credentials_key_is_wrapped_anew_when_it_is_next_used()
    {
        var silo = new SiloFixture { Peppers = [First] };
        await silo.StartAsync();
        try
        {
            var (organization, _) = await silo.NewOrganization();
            var (account, id) = (Guid.NewGuid(), Guid.NewGuid());
            await silo.Grains.GetGrain<IAccountGrain>(account.ToString()).Create(new CreateResource
            {
                Context = SiloFixture.Command(), OrganizationId = organization, Content = new() { Account = new AccountContent { Environment = "test" } },
            });
            Assert.Null((await silo.Grains.GetGrain<ICredentialGrain>(id.ToString()).Create(new CreateResource
            {
                Context = SiloFixture.Command(), OrganizationId = organization, Secret = new ProtectedText("""{"type":"token","secret":"x"}"""),
                Content = new() { Credential = new CredentialContent { OwnerType = CredentialOwner.Account, OwnerId = account, Type = "token" } },
            })).Refusal);
            silo.Peppers = [Second, First];
            await silo.RestartAsync();
            Assert.Null((await silo.Grains.GetGrain<ICredentialGrain>(id.ToString()).Get(new ReadResource { OrganizationId = organization })).Refusal);
            await Eventually.Holds(
                async () => !(await silo.Store.Read(new("credential", id.ToString())))!.State.Contains("\"p1\""),
                "the key is wrapped anew");
            await silo.Services.GetRequiredService<RecordStore>().Peppers.Forget("p1");
            silo.Peppers = [Second];
            await silo.RestartAsync();
            var open = await silo.Grains.GetGrain<ICredentialGrain>(id.ToString()).Open(SiloFixture.Command());
            Assert.Equal("""{"type":"token","secret":"x"}""", open!.Reveal());
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_secrets_of_an_endpoint_outlive_the_pepper_that_they_were_made_under()
    {
        var silo = new SiloFixture { Peppers = [First] };
        await silo.StartAsync();
        try
        {
            var (organization, _) = await silo.NewOrganization();
            var (id, secret) = (Guid.NewGuid(), "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
            Assert.Null((await silo.Grains.GetGrain<IEventEndpointGrain>(id.ToString()).Create(new CreateResource
            {
                Context = SiloFixture.Command(), OrganizationId = organization, Secret = new ProtectedText(secret),
                Content = new() { Webhook = new WebhookContent { Address = "https://example.com/" } },
            })).Refusal);
            silo.Peppers = [Second, First];
            await silo.RestartAsync();
            Assert.NotNull(await silo.Grains.GetGrain<IEventEndpointGrain>(id.ToString()).GetTarget());
            await Eventually.Holds(
                async () =>
                    (await silo.Store.Read(new("event_endpoint", id.ToString())))?.State.Contains("\"p1\"") == false,
                "the key is wrapped anew");
            await silo.Services.GetRequiredService<RecordStore>().Peppers.Forget("p1");
            silo.Peppers = [Second];
            await silo.RestartAsync();
            var target = await silo.Grains.GetGrain<IEventEndpointGrain>(id.ToString()).GetTarget();
            Assert.Equal([secret], target?.Secrets.Select(one => one.Reveal()));
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    /// <summary>A digest cannot be made anew without its secret, and a refresh half may be shown once in a
    /// year.</summary>
    [Fact]
    public async Task A_retired_pepper_is_in_no_ring_any_more_and_every_secret_under_it_is_accepted()
    {
        var silo = new SiloFixture { Peppers = [First] };
        await silo.StartAsync();
        try
        {
            var (organization, member) = await silo.NewOrganization();
            var token = await silo.NewToken(organization, member);
            foreach (var (next, retired) in new[] { (Second, First), (Third, Second) })
            {
                silo.Peppers = [next, retired];
                await silo.RestartAsync();
                Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
                await silo.Services.GetRequiredService<PepperRing>()
                    .Keep(silo.Services.GetRequiredService<RecordStore>().Peppers, retired.Item1);
                silo.Peppers = [next];
                await silo.RestartAsync();
                Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
            }

            var known = await silo.Services.GetRequiredService<RecordStore>().Peppers.Known();
            Assert.Equal(
                [("p1", "p3"), ("p2", "p3"), ("p3", null)], known.Select(pepper => (pepper.Id, pepper.KeptUnder)).Order());
            Assert.Equal(["member", "token"], known.Single(pepper => pepper.Id == "p1").Uses.Select(use => use.Kind));
            Assert.True(await silo.Accepts(token.Id, token.Pair.Refresh!));
            var proof = new PasswordProof { Context = SiloFixture.Command(), Derived = new Secret("derived").Fingerprint() };
            Assert.Equal(
                AuthOutcome.Success,
                (await silo.Grains.GetGrain<IMemberGrain>(member.ToString()).Logon(proof)).Outcome);
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_kept_pepper_opens_under_the_key_that_it_was_sealed_under_alone()
    {
        var silo = new SiloFixture { Peppers = [First] };
        await silo.StartAsync();
        await silo.NewOrganization();
        silo.Peppers = [Second, First];
        await silo.RestartAsync();
        await silo.NewOrganization();
        await silo.Services.GetRequiredService<PepperRing>().Keep(
            silo.Services.GetRequiredService<RecordStore>().Peppers, "p1");
        await silo.StopAsync();
        silo.Peppers = [("p2", First.Item2)];
        Assert.Contains("'p2'", (await Assert.ThrowsAsync<InvalidOperationException>(silo.StartAsync)).Message);
        silo.Peppers = [First];
        Assert.Contains("lacks 'p2'", (await Assert.ThrowsAsync<InvalidOperationException>(silo.StartAsync)).Message);
        silo.Peppers = [Second, ("p1", Third.Item2)];
        Assert.Contains(
            "'p1' is not the key", (await Assert.ThrowsAsync<InvalidOperationException>(silo.StartAsync)).Message);
        silo.Peppers = [Second];
        await silo.StartAsync();
        await silo.DisposeAsync();
    }

    [Fact]
    public async Task A_ring_without_the_pepper_in_use_stops_the_start()
    {
        var silo = new SiloFixture { Peppers = [First] };
        await silo.StartAsync();
        await silo.StopAsync();
        silo.Peppers = [Second];
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(silo.StartAsync);
        Assert.Contains("lacks 'p1'", problem.Message);

        // The failed start holds nothing.
        silo.Peppers = [First];
        await silo.StartAsync();
        await silo.DisposeAsync();
    }
}
