using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests;

/// <summary>Rows that an earlier version wrote are still read: <c>Samples/</c> holds one of each version.</summary>
[Collection("silo")]
public sealed class StoredFormTests(SiloFixture silo)
{
    [Fact]
    public async Task A_token_of_version_0_1_still_reads()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Samples", "token-0.1.json"));
        var (organization, member) = await silo.NewOrganization();
        var id = TokenId.Parse("01a20139-191d-77d8-a935-b07de71f7558");
        var state = text.Replace("ORGANIZATION", organization.ToString(), StringComparison.Ordinal).Replace(
            "MEMBER", member.ToString(), StringComparison.Ordinal);
        await silo.Store.Commit(new Commit(
            new StoredRecord
            {
                Key = new RecordKey("token", id.ToString()), Version = 3, CommandId = "c", State = state, OrganizationId = organization.ToString(), Name = "ci",
                CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch,
            },
            0, []));
        var token = (await silo.Token(id).Get(organization)).Token!;
        Assert.Equal(3, token.Version);
        Assert.Equal("ci", token.Name);
        Assert.Equal("90m", token.Ttl);
        Assert.Equal(PermissionSets.Viewer, token.PermissionSet);
        Assert.Equal(Selection.Of("a1", "a2"), token.Resources!.AccountIds);
        Assert.Equal("WxYz", token.Primary.Access.LastFour);
        Assert.Equal(new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero), token.ExpiresAt);
        Assert.NotNull(token.Secondary);

        // Spent secrets, which are written in another form now, are kept by the next change.
        Assert.Null((await silo.Token(id).Describe(new DescribeToken { Context = SiloFixture.Command(), FullName = "CI 2" })).Refusal);
        var row = (await silo.Store.Read(new RecordKey("token", id.ToString())))!;
        Assert.Contains("pepper=p1;", System.Text.Encoding.Latin1.GetString(row.Hot!), StringComparison.Ordinal);
        Assert.NotEmpty(TokenRow.Read(row).Spent);
        Assert.DoesNotContain("pepper_id", row.State, StringComparison.Ordinal);
        var recalled = await silo.Token(id).GetIdempotentAnswer([1], [2]);
        Assert.Equal(TokenRefusal.NotFound, recalled.Refusal);
    }
}
