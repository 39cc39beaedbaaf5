using System.Reflection;
using System.Text;
using CsCheck;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.StoredTokens;

/// <summary>Rows that are divided: nothing is lost, whatever changes and however rows came to be as they are.</summary>
public sealed class HotPartTests
{
    private const int Entry = 1 + sizeof(long) + 1 + 32;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Each property with another value; a new one that is not here fails the test.</summary>
    private static readonly Dictionary<string, Func<TokenState, TokenState>> Changes = new()
    {
        [nameof(TokenState.Id)] = s => s with { Id = TokenId.Parse("01900000-0000-7000-8000-0000000000ff") },
        [nameof(TokenState.OrganizationId)] = s => s with { OrganizationId = OrganizationId.Parse("01900000-0000-7000-8000-0000000000fe") },
        [nameof(TokenState.MemberId)] = s => s with { MemberId = MemberId.Parse("01900000-0000-7000-8000-0000000000fd") },
        [nameof(TokenState.OwnerType)] = s => s with { OwnerType = TokenOwnerType.Principal },
        [nameof(TokenState.OwnerId)] = s => s with { OwnerId = "01900000-0000-7000-8000-0000000000fc" },
        [nameof(TokenState.Profile)] = s => s with { Profile = TokenProfile.Integration },
        [nameof(TokenState.Name)] = s => s with { Name = "another" },
        [nameof(TokenState.FullName)] = s => s with { FullName = "another" },
        [nameof(TokenState.ParentId)] = s => s with { ParentId = TokenId.Parse("01900000-0000-7000-8000-0000000000fb") },
        [nameof(TokenState.BelongsTo)] = s => s with { BelongsTo = TokenBelonging.Organization },
        [nameof(TokenState.Ancestors)] = s => s with { Ancestors = [TokenId.Parse("01900000-0000-7000-8000-0000000000fa")] },
        [nameof(TokenState.Binding)] = s => s with { Binding = new GrantBinding.Adhoc(PermissionSets.Viewer, new Resources { AccountIds = Selection.Of("a") }) },
        [nameof(TokenState.AccountId)] = s => s with { AccountId = Guid.Parse("01900000-0000-7000-8000-0000000000f9") },
        [nameof(TokenState.Claims)] = s => s with { Claims = """{"scope":"a"}""" },
        [nameof(TokenState.Notes)] = s => s with { Notes = new TokenNotes("why", ["label"], "who") },
        [nameof(TokenState.Addresses)] = s => s with { Addresses = AddressRanges.Of(["10.0.0.0/8"]) },
        [nameof(TokenState.Limits)] = s => s with { Limits = new TokenLimits(Uses: 100, PerSecond: 5, Burst: 6) },
        [nameof(TokenState.UsesLeft)] = s => s with { Limits = new TokenLimits(Uses: 100, PerSecond: null, Burst: null), UsesLeft = -3 },
        [nameof(TokenState.Ttl)] = s => s with { Ttl = GoDuration.Of("90m") },
        [nameof(TokenState.LongestTtl)] = s => s with { LongestTtl = TimeSpan.FromDays(3) },
        [nameof(TokenState.Independent)] = s => s with { Independent = !s.Independent },
        [nameof(TokenState.SecretVersion)] = s => s with { SecretVersion = 7_000 },
        [nameof(TokenState.CreatedAt)] = s => s with { CreatedAt = s.CreatedAt.AddDays(-1) },
        [nameof(TokenState.UpdatedAt)] = s => s with { UpdatedAt = s.UpdatedAt.AddSeconds(1) },
        [nameof(TokenState.ExpiresAt)] = s => s with { ExpiresAt = s.ExpiresAt.AddTicks(3) },
        [nameof(TokenState.EndsBy)] = s => s with { EndsBy = s.ExpiresAt.AddDays(9) },
        [nameof(TokenState.Enabled)] = s => s with { Enabled = false },
        [nameof(TokenState.DeletedAt)] = s => s with { DeletedAt = s.UpdatedAt },
        [nameof(TokenState.CascadePending)] = s => s with { CascadePending = true },
        [nameof(TokenState.NoticedDays)] = s => s with { NoticedDays = 0 },
        [nameof(TokenState.PrimaryByRefresh)] = s => s with { PrimaryByRefresh = !s.PrimaryByRefresh },
        [nameof(TokenState.ExpiryNoted)] = s => s with { ExpiryNoted = true },
        [nameof(TokenState.LifeSetAt)] = s => s with { LifeSetAt = s.UpdatedAt },
        [nameof(TokenState.Version)] = s => s with { Version = 70_000 },
        [nameof(TokenState.Primary)] = s => s with { Primary = PairOf(90, "p2", withRefresh: false) },
        [nameof(TokenState.Secondary)] = s => s with { Secondary = new(PairOf(91, "p2") with { Access = Imported(91) }, Supersession.Rotated, Start, Start.AddTicks(7)) },
        [nameof(TokenState.Spent)] = s => s with { Spent = [new(DigestOf(92, "p3"), Supersession.Removed, Start)] },
        [nameof(TokenState.Answers)] = s => s with { Answers = [new([1], [2], [3], Start, s)] },
        [nameof(TokenState.PrimaryPresentedAt)] = s => s with { PrimaryPresentedAt = Start.AddMinutes(1) },
        [nameof(TokenState.SealedPrimary)] = s => s with { SealedPrimary = [1, 2, 3] },
    };

    public static TheoryData<string> Properties =>
        [.. typeof(TokenState).GetProperties().Where(IsStored).Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Properties))]
    public void What_changes_is_stored_by_one_part_or_the_other(string property)
    {
        var before = After(3);
        var next = Changes[property](before);
        Assert.Equal(next, Read(Stored(before, null), before, next), ByJson);
    }

    [Fact]
    public void Refreshes_leave_the_json_as_it_is_and_other_changes_do_not()
    {
        var before = After(3);
        Assert.Same(StoredRecord.Kept, RowOf(Refreshed(before, 4), before).State);
        Assert.NotEmpty(RowOf(before with { Enabled = false, Version = 9 }, before).State);
        Assert.NotEmpty(
            RowOf(before with { Answers = [new([1], [2], [3], Start, before)], Version = 9 }, before).State);
    }

    [Fact]
    public void A_token_reads_back_after_any_history_of_changes() =>
        Gen.Int[0, 9].Array[1, 40].Sample(
            steps =>
            {
                var (state, row) = (After(0), Stored(After(0), null));
                foreach (var (step, number) in steps.Select((step, number) => (step, number + 1)))
                {
                    var next = Change(state, step, number);
                    row = Stored(next, row, step == 9 ? new RowDivision(IsMade: false) : new RowDivision(
                        IsMade: true, row.Hot is null ? null : state));
                    Assert.Equal(next, TokenRow.Read(row), ByJson);
                    state = next;
                }
            },
            iter: 300);

    /// <summary>The database logs what lies between the first byte that changed and the last.</summary>
    [Fact]
    public void A_refresh_moves_one_of_the_spent_secrets_alone()
    {
        for (var (state, i) = (After(12), 13); i < 25; i++)
        {
            var next = Refreshed(state, i);
            var (former, hot) = (Ring(state), Ring(next));
            Assert.Single(
                Enumerable.Range(0, TokenMachine.MostSpent), place => !former[place].SequenceEqual(hot[place]));
            state = next;
        }
    }

    [Fact]
    public void A_row_of_before_is_whole_where_rows_may_not_be_divided()
    {
        var state = After(3);
        var former = RowOf(state, null, new RowDivision(IsMade: false));
        Assert.Null(former.Hot);
        Assert.Contains("\"pepper_id\":\"p1\"", former.State, StringComparison.Ordinal);
        Assert.Equal(state, TokenRow.Read(former), ByJson);

        var divided = RowOf(state, null);
        Assert.DoesNotContain("pepper_id", divided.State, StringComparison.Ordinal);
        Assert.Contains(
            StoredRecord.HotMarkOf("p1"), Encoding.Latin1.GetString(divided.Hot!), StringComparison.Ordinal);
    }

    /// <summary>As this program wrote it first: later ones read it.</summary>
    [Fact]
    public async Task A_stored_hot_part_reads_as_it_was_written()
    {
        var hot = Convert.FromHexString(
            (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Samples", "token-hot-1.hex"))).ReplaceLineEndings(""));
        var state = After(9) with { Secondary = After(9).Secondary! with { Deadline = Start.AddDays(2).AddTicks(1) }, NoticedDays = 7 };
        Assert.Equal(hot, HotPart.Of(state));
        Assert.Equal(state, HotPart.Read(hot, state with { Primary = null, Secondary = null, Spent = [], NoticedDays = null, SecretVersion = 1 }, state.Version), ByJson);
    }

    /// <summary>Clients end a former secret with Go's zero time, or with the beginning of 1970.</summary>
    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("1960-01-01T00:00:00Z")]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    public void An_end_at_any_time_is_an_end(string time)
    {
        var (state, end) = (After(3), DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture));
        state = state with
        {
            ExpiresAt = end,
            Primary = state.Primary! with { Access = state.Primary.Access with { ExpiresAt = end } },
            Secondary = state.Secondary! with { Deadline = end },
        };
        var read = TokenRow.Read(RowOf(state, null));
        Assert.Equal(end, read.ExpiresAt);
        var early = DateTimeOffset.UnixEpoch.AddTicks(1);
        Assert.Equal(end < early ? early : end, read.Secondary!.Deadline);
        Assert.Equal(end < early ? early : end, read.Primary!.Access.ExpiresAt);
    }

    [Fact]
    public void What_is_damaged_or_of_another_row_is_no_token()
    {
        var state = After(9);
        var hot = HotPart.Of(state);
        Assert.Throws<InvalidDataException>(() => HotPart.Read(hot, state, state.Version + 1));
        Assert.Throws<InvalidDataException>(() => HotPart.Read([2, .. hot[1..]], state, state.Version));
        foreach (var length in Enumerable.Range(1, hot.Length - 1))
        {
            Assert.Throws<InvalidDataException>(() => HotPart.Read(hot[..length], state, state.Version));
        }
    }

    private static bool IsStored(PropertyInfo property) => property.SetMethod is not null;

    private static bool ByJson(TokenState one, TokenState other) => Whole(one) == Whole(other)
        && one.PrimaryPresentedAt == other.PrimaryPresentedAt
        && (one.SealedPrimary ?? []).SequenceEqual(other.SealedPrimary ?? []);

    private static string Whole(TokenState state) => RowOf(state, null, new RowDivision(IsMade: false)).State;

    private static StoredRecord RowOf(TokenState state, TokenState? before, RowDivision? division = null) =>
        TokenRow.Of(state, "c", null, null, division ?? new RowDivision(IsMade: true, before));

    private static TokenState Read(StoredRecord stored, TokenState before, TokenState next) =>
        TokenRow.Read(Stored(next, stored, new RowDivision(IsMade: true, before)));

    /// <summary>What a database has of a row after a commit.</summary>
    private static StoredRecord Stored(TokenState state, StoredRecord? former, RowDivision? division = null)
    {
        var row = RowOf(state, null, division);
        return former is not null && row.State.Length == 0 ? row with { State = former.State } : row;
    }

    private static byte[][] Ring(TokenState state) =>
        [.. HotPart.Of(state)[^(TokenMachine.MostSpent * Entry)..].Chunk(Entry)];

    private static TokenState Change(TokenState state, int step, int number) => step switch
    {
        < 5 => Refreshed(state, number),
        5 => state with { Enabled = !state.Enabled, Version = state.Version + 1 },
        6 => state with { Secondary = null, Version = state.Version + 1 },
        7 => state with { SecretVersion = number * 1_000, Version = state.Version + 1 },
        8 => state with { Notes = new TokenNotes($"{number}", [], null), ExpiryNoted = true, Version = state.Version + 1 },
        _ =>
            state with { UsesLeft = number, Limits = new TokenLimits(number, null, null), Version = state.Version + 1 },
    };

    private static TokenState After(int refreshes) => Enumerable.Range(1, refreshes).Aggregate(
        SampleToken.Of(version: 1, Start, Start.AddDays(7)) with { Primary = PairOf(0) }, Refreshed);

    private static TokenState Refreshed(TokenState state, int number) => state with
    {
        Version = state.Version + 1,
        UpdatedAt = Start.AddMinutes(number),
        ExpiresAt = Start.AddDays(7).AddMinutes(number),
        SecretVersion = state.SecretVersion + 1,
        PrimaryByRefresh = true,
        Primary = PairOf(number),
        Secondary = new(state.Primary!, Supersession.Refreshed, Start.AddMinutes(number), null),
        Spent = state.Secondary?.Pair.Refresh is { } spent
            ? [new(spent.Digest, Supersession.Refreshed, Start.AddMinutes(number)), .. state.Spent.Take(TokenMachine.MostSpent - 1)]
            : state.Spent,
    };

    private static CredentialPair PairOf(int number, string pepper = "p1", bool withRefresh = true) => new(
        new(DigestOf(number, pepper), $"{number:D4}", Start.AddDays(1).AddTicks(number)),
        withRefresh ? new(DigestOf(number + 1_000, pepper), $"{number:D4}", Start.AddDays(7)) : null,
        Start.AddMinutes(number));

    private static Credential Imported(int number) =>
        new(DigestOf(number, "p2"), "äöüß", Start.AddDays(1)) { Scheme = "01900000-0000-7000-8000-0000000000cc" };

    private static SecretDigest DigestOf(int number, string pepper) =>
        new(pepper, System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(number)));
}
