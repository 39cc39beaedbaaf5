using TokenActors.Domain.Identity;
using TokenActors.Domain.Imports;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Tests.Imports;

/// <summary>How keys look that an organization imports.</summary>
public sealed class ImportSchemeTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static ImportScheme Scheme(string prefix = "acme_", int length = 37, bool accepts = false, string name = "acme") =>
        new(Guid.NewGuid(), name, prefix, length, accepts, Now);

    [Theory]
    [InlineData("acme_", 37, false, null)]
    [InlineData("acme_", 25, false, null)]
    [InlineData("acme_", 24, false, "accept_low_entropy")]
    [InlineData("acme_", 24, true, null)]
    [InlineData("acme_", 5, true, "length")]
    [InlineData("acme_", 257, false, "length")]
    [InlineData("abc", 40, false, "prefix")]
    [InlineData("ac me", 40, false, "prefix")]
    [InlineData("acmé_", 40, false, "prefix")]
    [InlineData("ta_x", 40, false, "prefix")]
    [InlineData("ta_org_", 80, false, "prefix")]
    [InlineData("api-", 40, false, "prefix")]
    [InlineData("api-v2-", 40, false, "prefix")]
    [InlineData("cfas", 40, false, "prefix")]
    [InlineData("bft_x", 40, false, "prefix")]
    public void What_is_wrong_with_a_scheme_is_told_by_its_field(string prefix, int length, bool accepts, string? field) =>
        Assert.Equal(field, Scheme(prefix, length, accepts).Problem?.Field);

    /// <summary>Else its keys would be taken for secrets of ours, or be asked about where ours are.</summary>
    [Fact]
    public void No_scheme_has_a_prefix_of_ours() => Assert.All(
        TokenProfile.All.Where(profile => profile.IsMinted),
        profile => Assert.Equal("prefix", Scheme(profile.Prefix + "abcd", 80).Problem?.Field));

    [Theory]
    [InlineData("acme_0123456789", true)]
    [InlineData("acme_012345678", false)]
    [InlineData("acme_01234567890", false)]
    [InlineData("Acme_0123456789", false)]
    [InlineData("acme_012345678 ", false)]
    [InlineData("", false)]
    public void A_text_fits_by_prefix_and_length(string text, bool fits) =>
        Assert.Equal(fits, Scheme(length: 15, accepts: true).Fits(text));

    [Fact]
    public void No_two_schemes_have_one_name_or_could_have_one_key()
    {
        var (one, _) = ImportSchemes.None(new OrganizationId(Guid.NewGuid()), Now).Add(Scheme(), Now);
        Assert.NotNull(one);
        Assert.Equal(ImportSchemeRefusal.NameTaken, one.Add(Scheme("other_"), Now).Refusal);
        Assert.Equal(ImportSchemeRefusal.PrefixTaken, one.Add(Scheme("acme_live_", name: "live"), Now).Refusal);
        Assert.Equal(ImportSchemeRefusal.PrefixTaken, one.Add(Scheme("acme", name: "short"), Now).Refusal);
        Assert.Equal(ImportSchemeRefusal.Invalid, one.Add(Scheme("x", name: "x"), Now).Refusal);
        Assert.NotNull(one.Add(Scheme("acmf_", name: "other"), Now).Next);
    }

    [Fact]
    public void The_same_scheme_again_changes_nothing_and_one_that_is_not_there_is_not_found()
    {
        var scheme = Scheme();
        var (one, _) = ImportSchemes.None(new OrganizationId(Guid.NewGuid()), Now).Add(scheme, Now);
        Assert.Same(one, one!.Add(scheme with { CreatedAt = Now.AddDays(1) }, Now).Next);
        Assert.Equal(ImportSchemeRefusal.NotFound, one.Remove(Guid.NewGuid(), null, Now).Refusal);
        Assert.Empty(one.Remove(scheme.Id, null, Now).Next!.Schemes);
    }

    [Fact]
    public void There_are_only_so_many()
    {
        var schemes = ImportSchemes.None(new OrganizationId(Guid.NewGuid()), Now);
        for (var i = 0; i < ImportScheme.Most; i++)
        {
            schemes = schemes.Add(Scheme($"k{i:00}_", name: $"k{i}"), Now).Next!;
        }

        Assert.Equal(ImportSchemeRefusal.TooMany, schemes.Add(Scheme("more_", name: "more"), Now).Refusal);
    }

    [Fact]
    public void What_was_removed_under_a_key_is_removed_under_it_for_ten_minutes()
    {
        var (scheme, other) = (Scheme(), Scheme("other_", name: "other"));
        var both = ImportSchemes.None(new(Guid.NewGuid()), Now).Add(scheme, Now).Next!.Add(other, Now).Next!;
        var removed = both.Remove(scheme.Id, "k", Now).Next!;
        Assert.Same(removed, removed.Remove(scheme.Id, "k", Now.AddMinutes(9)).Next);
        Assert.Equal(ImportSchemeRefusal.KeyReused, removed.Remove(other.Id, "k", Now.AddMinutes(9)).Refusal);
        Assert.Equal(ImportSchemeRefusal.NotFound, removed.Remove(scheme.Id, "l", Now.AddMinutes(9)).Refusal);
        Assert.Equal(ImportSchemeRefusal.NotFound, removed.Remove(scheme.Id, "k", Now.AddMinutes(10)).Refusal);
        Assert.Equal("l", Assert.Single(removed.Remove(other.Id, "l", Now.AddMinutes(10)).Next!.Removed).Key);
    }

    /// <summary>Whoever makes and removes schemes in a loop makes no row that grows.</summary>
    [Fact]
    public void Only_so_many_removed_ones_are_remembered_and_those_are_the_newest()
    {
        var schemes = ImportSchemes.None(new(Guid.NewGuid()), Now);
        for (var i = 0; i < 150; i++)
        {
            var scheme = Scheme();
            schemes = schemes.Add(scheme, Now).Next!.Remove(scheme.Id, $"k{i}", Now).Next!;
        }

        Assert.Equal(Enumerable.Range(50, 100).Select(i => $"k{i}"), schemes.Removed.Select(removed => removed.Key));
    }
}
