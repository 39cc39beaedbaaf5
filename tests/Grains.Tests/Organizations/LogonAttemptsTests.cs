using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Organizations;

namespace TokenActors.Grains.Tests.Organizations;

/// <summary>Log-ons that failed, as the trail of their organization has them.</summary>
public sealed class LogonAttemptsTests : IAsyncLifetime
{
    private readonly SiloFixture _silo = new();

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    /// <summary>Whoever draws a new name for each guess fills no trail.</summary>
    [Fact]
    public async Task At_most_a_thousand_names_a_minute_have_a_row_each_and_the_others_one_together()
    {
        var organization = new OrganizationId(Guid.NewGuid());
        var attempts = new LogonAttempts(organization, new LogonSettings(0), _silo.Store, _silo.Clock);

        // Each asking moves the clock on, and a minute's end would come between.
        _silo.Clock.Advance(
            TimeSpan.FromTicks(TimeSpan.TicksPerMinute - (_silo.Clock.GetUtcNow().UtcTicks % TimeSpan.TicksPerMinute)));
        for (var i = 0; i < 1_500; i++)
        {
            await attempts.NoteFailure(new LogonAttempt { Name = $"n{i}@example.com", RemoteAddress = "192.0.2.1" });
        }

        await attempts.NoteFailure(new LogonAttempt { Name = "n0@example.com", RemoteAddress = "192.0.2.1" });
        Assert.True(await attempts.Write());
        var rows = await _silo.Store.AuditCalls(organization.ToString(), [], limit: 2_000, descending: false);
        Assert.Equal(1_001, rows.Count);
        Assert.Equal(500, Assert.Single(rows, row => row.Subject.Id == "*").SubjectVersion);
        Assert.Equal(2, Assert.Single(rows, row => row.Subject.Id == "n0@example.com").SubjectVersion);
    }

    /// <summary>A log-on finds its member by every one of them, and each would have its own limit.</summary>
    [Fact]
    public async Task All_spellings_of_a_name_are_one_name()
    {
        string[] spellings = ["\u00e9\u00f6@example.com", "e\u0301o\u0308@example.com", "\u00c9\u00d6@Example.com", "e\u0301\u00f6@EXAMPLE.com"];
        var organization = new OrganizationId(Guid.NewGuid());
        var attempts = new LogonAttempts(
            organization, new LogonSettings(spellings.Length - 1), _silo.Store, _silo.Clock);
        Assert.Equal([true, true, true, false], spellings.Select(name => attempts.Take(name) is null));

        // Letters with two lower forms.
        var once = new LogonAttempts(organization, new LogonSettings(1), _silo.Store, _silo.Clock);
        Assert.Equal([true, false, false], new[] { "\u03c3\u00b5@example.com", "\u03c2\u03bc@example.com", "\u03a3\u039c@example.com" }.Select(name => once.Take(name) is null));
        _silo.Clock.Advance(
            TimeSpan.FromTicks(TimeSpan.TicksPerMinute - (_silo.Clock.GetUtcNow().UtcTicks % TimeSpan.TicksPerMinute)));
        foreach (var name in spellings)
        {
            await attempts.NoteFailure(new LogonAttempt { Name = name, RemoteAddress = "192.0.2.1" });
        }

        Assert.True(await attempts.Write());
        var row = Assert.Single(
            await _silo.Store.AuditCalls(organization.ToString(), [], limit: 10, descending: false));
        Assert.Equal((spellings[0], spellings.Length), (row.Subject.Id, row.SubjectVersion));
    }

    /// <summary>U+FFFE has no composed form.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("\ufffe")]
    public async Task A_secret_in_place_of_a_name_is_masked_whatever_stands_beside_it(string beside)
    {
        var secret = SecretMint.Mint(TokenProfile.Organization, new TokenId(Guid.NewGuid())).Access.Reveal();
        var organization = new OrganizationId(Guid.NewGuid());
        var attempts = new LogonAttempts(organization, new LogonSettings(0), _silo.Store, _silo.Clock);
        await attempts.NoteFailure(new LogonAttempt { Name = $"{secret} {beside}", RemoteAddress = "192.0.2.1" });
        Assert.True(await attempts.Write());
        var row = Assert.Single(
            await _silo.Store.AuditCalls(organization.ToString(), [], limit: 10, descending: false));
        Assert.DoesNotContain(secret[8..40], row.Subject.Id, StringComparison.OrdinalIgnoreCase);
    }
}
