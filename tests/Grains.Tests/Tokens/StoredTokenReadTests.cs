using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.Tokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Tokens;

/// <summary>Tokens that are not in memory are verified from their rows, and nothing becomes active by it.</summary>
[Collection("silo")]
public sealed class StoredTokenReadTests(SiloFixture silo)
{
    /// <summary>How long an authority goes by what it does not know.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    private LocalTokens Local => silo.Services.GetRequiredService<LocalTokens>();

    /// <summary>What the gateway asks.</summary>
    private ILocalTokenVerifier Reads => silo.Services.GetRequiredService<ILocalTokenVerifier>();

    /// <summary>The same for a silo that knows of no activation: it reads every row, also beside an active
    /// grain.</summary>
    private StoredTokenReads Blind =>
        ActivatorUtilities.CreateInstance<StoredTokenReads>(silo.Services, new LocalTokens());

    private static VerifyToken Query(Secret secret, bool refreshToo = false) =>
        new() { Presented = secret.Fingerprint(), RefreshToo = refreshToo };

    private static ValueTask<Verification?> Ask(ILocalTokenVerifier reads, TokenId id, Secret secret, bool refreshToo = false) =>
        reads.VerifyStored(id, Query(secret, refreshToo), CancellationToken.None);

    /// <summary>A token that was used, and is in the row only.</summary>
    private async Task<TestToken> NewSleeping()
    {
        var token = await silo.NewToken();
        Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
        await Sleep(token.Id);
        return token;
    }

    /// <summary>Ends the activation once the row holds that the primary was presented.</summary>
    private async Task Sleep(TokenId id)
    {
        await Eventually.Holds(async () => await PresentedAt(id) is not null, "the first use is written");
        await silo.Token(id).AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await Eventually.Holds(() => !Local.IsActive(id), "it left the memory");
    }

    private async Task<DateTimeOffset?> PresentedAt(TokenId id) =>
        (await silo.Store.Read(new RecordKey("token", id.ToString())))?.PresentedAt;

    [Fact]
    public async Task A_token_is_verified_from_its_row_and_stays_out_of_memory()
    {
        var token = await NewSleeping();
        var read = (await Ask(Reads, token.Id, token.Pair.Access))!;
        Assert.False(Local.IsActive(token.Id));
        var called = await silo.Verify(token.Id, token.Pair.Access);
        Assert.True(Local.IsActive(token.Id));
        Assert.Null(read.Refusal);
        Assert.Equal(
            (called.Presented, called.ExpiresAt, called.MemberName), (read.Presented, read.ExpiresAt, read.MemberName));
        Assert.Equivalent(called.Caller, read.Caller, strict: true);
        Assert.Equivalent(
            called.Token! with { LastUsedAt = null }, read.Token! with { LastUsedAt = null }, strict: true);
        Assert.Null(await Ask(Reads, token.Id, token.Pair.Access));
    }

    [Fact]
    public async Task What_was_read_counts_as_a_use()
    {
        var token = await NewSleeping();
        silo.Clock.Advance(TimeSpan.FromHours(1));
        var read = (await Ask(Reads, token.Id, token.Pair.Access))!;
        silo.Clock.Advance(TimeSpan.FromMinutes(2));
        await Eventually.Holds(
            async () => (await silo.Store.Read(new RecordKey("token", token.Id.ToString())))?.LastUsedAt is { } last
                && (last - read.Token!.LastUsedAt!.Value).Duration() < TimeSpan.FromSeconds(1),
            "the last use is in the row");
        Assert.False(Local.IsActive(token.Id));
    }

    /// <summary>Whether a secret was brought to the right place is asked without a trace.</summary>
    [Fact]
    public async Task A_question_is_no_use()
    {
        var token = await NewSleeping();
        var before = (await silo.Store.Read(new RecordKey("token", token.Id.ToString())))!.LastUsedAt;
        silo.Clock.Advance(TimeSpan.FromHours(1));
        var asked = await Reads.VerifyStored(
            token.Id, Query(token.Pair.Access) with { IsQuestion = true }, CancellationToken.None);
        Assert.Null(asked!.Refusal);
        Assert.Equal(before, asked.Token!.LastUsedAt);
        Assert.True((await Ask(Reads, token.Id, token.Pair.Access))!.Token!.LastUsedAt > before);
    }

    [Fact]
    public async Task Made_up_ids_and_secrets_are_refused_and_activate_nothing()
    {
        var token = await NewSleeping();
        var nobody = SecretMint.NewTokenId(silo.Clock);
        var wrong = SecretMint.Mint(TokenProfile.Organization, token.Id).Access;
        Assert.Equal(TokenRefusal.NotFound, (await Ask(Reads, nobody, wrong))!.Refusal);
        Assert.Equal(TokenRefusal.UnknownSecret, (await Ask(Reads, token.Id, wrong))!.Refusal);
        Assert.Equal(TokenRefusal.WrongKind, (await Ask(Reads, token.Id, token.Pair.Refresh!))!.Refusal);
        Assert.False(Local.IsActive(nobody));
        Assert.False(Local.IsActive(token.Id));
    }

    [Fact]
    public async Task A_first_presentation_and_a_counted_use_are_left_to_the_grain()
    {
        var (organization, member) = await silo.NewOrganization();
        var unused = await silo.NewToken(organization, member);
        Assert.Null(await Ask(Blind, unused.Id, unused.Pair.Access));

        var id = SecretMint.NewTokenId(silo.Clock);
        var pair = SecretMint.Mint(TokenProfile.Organization, id);
        var answer = await silo.Token(id).Issue(new IssueToken
        {
            Context = SiloFixture.Command(), Profile = TokenProfile.Organization.Name, OrganizationId = organization, MemberId = member,
            PermissionSet = PermissionSets.Viewer, Resources = Resources.All, Secrets = pair.ToMinted(),
            Limits = new LimitsOfToken { Uses = 3 },
        });
        Assert.Null(answer.Refusal);
        var query = Query(pair.Access) with { KnowsLimits = true, IsUse = true };
        Assert.Null((await silo.Token(id).Verify(query)).Refusal);
        await Eventually.Holds(async () => await PresentedAt(id) is not null, "the first use is written");
        Assert.Null(await Blind.VerifyStored(id, query, CancellationToken.None));
    }

    [Fact]
    public async Task A_sealed_answer_that_is_to_be_erased_is_left_to_the_grain()
    {
        var token = await silo.NewToken();
        var (_, next) = await silo.Refresh(token.Id, token.Pair.Refresh!);
        Assert.True(await silo.Accepts(token.Id, next!.Access));
        await Eventually.Holds(async () => await PresentedAt(token.Id) is not null, "the first use is written");
        Assert.Equal(PresentedKind.PrimaryAccess, (await Ask(Blind, token.Id, next.Access))!.Presented);
        Assert.Equal(PresentedKind.SecondaryAccess, (await Ask(Blind, token.Id, token.Pair.Access))!.Presented);
        silo.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Null(await Ask(Blind, token.Id, next.Access));
    }

    public static TheoryData<string> Commands => [.. Table.Keys];

    private static readonly Dictionary<string, Func<SiloFixture, TestToken, Task>> Table = new()
    {
        ["disable"] = async (silo, token) => await silo.Token(token.Id).Disable(SiloFixture.Change()),
        ["disable and enable"] = async (silo, token) =>
        {
            await silo.Token(token.Id).Disable(SiloFixture.Change());
            await silo.Token(token.Id).Enable(SiloFixture.Change());
        },
        ["refresh"] = async (silo, token) => await silo.Refresh(token.Id, token.Pair.Refresh!),
        ["refresh twice"] = async (silo, token) =>
        {
            var (_, next) = await silo.Refresh(token.Id, token.Pair.Refresh!);
            Assert.True(await silo.Accepts(token.Id, next!.Access));
            await silo.Refresh(token.Id, next.Refresh!);
        },
        ["rotate with a deadline"] = async (silo, token) => await silo.Token(token.Id).Rotate(SiloFixture.Renewal(
            SecretMint.Mint(TokenProfile.Organization, token.Id), deadline: silo.Clock.GetUtcNow().AddHours(1))),
        ["rotate, and the deadline passes"] = async (silo, token) =>
        {
            await silo.Token(token.Id).Rotate(SiloFixture.Renewal(
                SecretMint.Mint(TokenProfile.Organization, token.Id), deadline: silo.Clock.GetUtcNow().AddMinutes(10)));
            silo.Clock.Advance(TimeSpan.FromMinutes(11));
        },
        ["rotate and remove the secondary"] = async (silo, token) =>
        {
            await silo.Token(token.Id).Rotate(
                SiloFixture.Renewal(SecretMint.Mint(TokenProfile.Organization, token.Id)));
            await silo.Token(token.Id).RemoveSecondary(SiloFixture.Change());
        },
        ["reset"] = async (silo, token) => await silo.Token(token.Id).Reset(
            SiloFixture.Renewal(SecretMint.Mint(TokenProfile.Organization, token.Id))),
        ["replace"] = async (silo, token) => await silo.Token(token.Id).Replace(
            SiloFixture.Renewal(SecretMint.Mint(TokenProfile.Organization, token.Id))),
        ["a life that ends"] = async (silo, token) =>
        {
            await silo.Token(token.Id).SetLife(new SetTokenLife { Context = SiloFixture.Command(), Life = "10m" });
            silo.Clock.Advance(TimeSpan.FromMinutes(11));
        },
        ["delete"] = async (silo, token) => await silo.Token(token.Id).Delete(SiloFixture.Change()),
        ["revoke"] = async (silo, token) => await silo.Token(token.Id).Revoke(new RevokeToken
        {
            Context = SiloFixture.Command(), Presented = token.Pair.Access.Fingerprint(),
        }),
        ["the organization is disabled"] = async (silo, token) => await silo.Organization(token.Answer.Token!.OrganizationId)
            .SetStatus(SiloFixture.Command(), OrganizationStatus.Disabled),
    };

    /// <summary>
    /// After the answer of any command the row says to each secret what the grain says. The row is read beside the
    /// active grain, which the gateway never does: so nothing but the row is right or wrong.
    /// </summary>
    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_is_seen_in_the_row_from_its_answer_on(string command)
    {
        var token = await silo.NewToken();
        Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
        await Eventually.Holds(async () => await PresentedAt(token.Id) is not null, "the first use is written");
        Assert.Null((await Ask(Blind, token.Id, token.Pair.Access))!.Refusal);

        await Table[command](silo, token);
        foreach (var secret in new[] { token.Pair.Access, token.Pair.Refresh! })
        {
            var read = await Ask(Blind, token.Id, secret, refreshToo: true);
            var called = await silo.Verify(token.Id, secret, refreshToo: true);
            if (read is null)
            {
                // What was presented first after the command is noted by the grain, and then read.
                await Eventually.Holds(async () => await PresentedAt(token.Id) is not null, "the use is written");
                read = await Ask(Blind, token.Id, secret, refreshToo: true);
            }

            Assert.Equal(
                (called.Refusal, called.Presented, called.ExpiresAt),
                (read?.Refusal, read?.Presented, read?.ExpiresAt));
            Assert.Equal(called.Token?.Version, read?.Token?.Version);
        }
    }

    [Fact]
    public async Task A_token_under_a_deleted_one_is_refused_from_its_row()
    {
        var parent = await silo.NewToken();
        var caller = await silo.CallerOf(parent);
        var child = await silo.NewToken(caller.OrganizationId, caller.MemberId, caller: caller);
        Assert.True(await silo.Accepts(child.Id, child.Pair.Access));
        await Sleep(child.Id);

        // An organization that came into memory a moment ago does not know what was cleared before.
        Assert.Null(await Ask(Reads, child.Id, child.Pair.Access));
        silo.Clock.Advance(Settled);
        Assert.Null((await Ask(Reads, child.Id, child.Pair.Access))!.Refusal);
        await silo.Token(parent.Id).Delete(SiloFixture.Change());
        Assert.NotNull((await Ask(Blind, child.Id, child.Pair.Access))!.Refusal);
    }

    /// <summary>
    /// The token above is deleted, and everything below it buried, while somebody holds the row: the authority has
    /// forgotten by then that anything was deleted.
    /// </summary>
    [Fact]
    public async Task A_row_that_was_buried_after_it_was_read_is_not_believed()
    {
        var parent = await silo.NewToken();
        var caller = await silo.CallerOf(parent);
        var child = await silo.NewToken(caller.OrganizationId, caller.MemberId, caller: caller);
        Assert.True(await silo.Accepts(child.Id, child.Pair.Access));
        await Sleep(child.Id);
        silo.Clock.Advance(Settled);
        var isRead = false;
        silo.Store.AfterRead = async key =>
        {
            if (isRead || key.Id != child.Id.ToString())
            {
                return;
            }

            isRead = true;
            await silo.Token(parent.Id).Delete(SiloFixture.Change());
            await silo.Token(parent.Id).FinishDelete();
        };
        Verification? read;
        try
        {
            read = await Ask(Reads, child.Id, child.Pair.Access);
        }
        finally
        {
            silo.Store.AfterRead = null;
        }

        Assert.True(isRead);
        Assert.False(read is { Refusal: null });
        Assert.False(await silo.Accepts(child.Id, child.Pair.Access));
    }

    /// <summary>An erasure that waits to be written is not lost by a later use.</summary>
    [Fact]
    public async Task A_sealed_answer_is_erased_although_the_token_is_used_again()
    {
        var token = await silo.NewToken();
        var (_, next) = await silo.Refresh(token.Id, token.Pair.Refresh!);
        Assert.True(await silo.Accepts(token.Id, next!.Access));
        silo.Clock.Advance(TimeSpan.FromMinutes(3));
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await silo.Accepts(token.Id, next.Access));
            silo.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        silo.Clock.Advance(TimeSpan.FromMinutes(2));
        await Eventually.Holds(
            async () =>
                await silo.Store.Read(new RecordKey("token", token.Id.ToString())) is { Sealed: null }, "it is erased");
    }

    [Fact]
    public async Task Reads_beside_commands_are_never_behind_an_answer()
    {
        var token = await silo.NewToken();
        var access = token.Pair.Access;
        Assert.True(await silo.Accepts(token.Id, access));
        await Eventually.Holds(async () => await PresentedAt(token.Id) is not null, "the first use is written");
        var reads = Blind;

        await using var onlookers = new Onlookers(4, () => Ask(reads, token.Id, access).AsTask());
        for (var i = 1; i <= 100; i++)
        {
            var answer = await onlookers.During(i, () => i % 2 == 0
                ? silo.Token(token.Id).Enable(SiloFixture.Change())
                : silo.Token(token.Id).Disable(SiloFixture.Change()));
            Assert.Null(answer.Refusal);
            var until = onlookers.Seen + 1;
            await Eventually.Holds(() => onlookers.Seen >= until, "somebody looked");
        }

        Assert.Equal(0, onlookers.Wrong);
    }

    /// <summary>
    /// The row may say something else than the memory from the moment on that a write's outcome is unknown: nobody is
    /// answered from memory any more, and the row is read.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_answered_from_memory_after_a_write_whose_outcome_is_unknown(bool isWritten)
    {
        var token = await silo.NewToken();
        Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
        Assert.NotNull(Local.TryVerify(token.Id, Query(token.Pair.Access)));
        silo.Store.Next(isWritten ? Fault.AnswerLost : Fault.Lost);
        Verification? glance = null;
        var failed = await silo.Token(token.Id).Disable(SiloFixture.Change()).ContinueWith(
            command =>
            {
                glance = Local.TryVerify(token.Id, Query(token.Pair.Access));
                return command.Exception?.InnerException;
            },
            TaskContinuationOptions.ExecuteSynchronously);
        Assert.IsType<ServiceUnavailableException>(failed);
        Assert.Null(glance);
        Assert.Equal(
            isWritten ? TokenRefusal.Disabled : null, (await silo.Verify(token.Id, token.Pair.Access)).Refusal);
    }

    /// <summary>An organization in doubt is asked by a call, and is never taken for one that is not there.</summary>
    [Fact]
    public async Task An_organization_in_doubt_answers_nobody_from_memory()
    {
        var token = await silo.NewToken();
        var organization = token.Answer.Token!.OrganizationId;
        Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
        silo.Store.Next(Fault.AnswerLost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(
            () => silo.Organization(organization).SetStatus(SiloFixture.Command(), OrganizationStatus.Disabled));
        Assert.NotEqual(TokenRefusal.NotFound, Local.TryVerify(token.Id, Query(token.Pair.Access))?.Refusal);
        Assert.Equal(TokenRefusal.OrganizationDisabled, (await silo.Verify(token.Id, token.Pair.Access)).Refusal);
    }

    [Fact]
    public async Task A_database_that_is_away_is_a_503_and_no_refusal()
    {
        var token = await NewSleeping();
        silo.Store.ReadsFail = true;
        try
        {
            await Assert.ThrowsAsync<ServiceUnavailableException>(
                async () => await Ask(Reads, token.Id, token.Pair.Access));
        }
        finally
        {
            silo.Store.ReadsFail = false;
        }

        Assert.Null((await Ask(Reads, token.Id, token.Pair.Access))!.Refusal);
    }
}
