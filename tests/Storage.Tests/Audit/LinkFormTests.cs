using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Audit;

/// <summary>A link says in which form its rows were hashed, so that later columns of the trail leave it
/// whole.</summary>
public sealed class LinkFormTests
{
    private const byte LaterForm = 2;

    private static readonly PepperRing Ring = new([new Pepper("p", new byte[32])]);

    private static readonly AuditLink Link = new(1, 1, 2, "p", [1, 2, 3], []);

    [Fact]
    public void A_link_of_rows_of_the_first_form_is_as_it_was_and_one_of_later_rows_names_theirs()
    {
        var key = Ring.CurrentChainKey();
        var first = Link with { Code = LinkForms.Code(key, Link, []) };
        var later = Link with { Code = LinkForms.Code(key, Link, [], LaterForm) };
        Assert.Equal((33, 34), (first.Code.Length, later.Code.Length));
        Assert.Equal((RowCodes.FirstForm, LaterForm), (LinkForms.RowFormOf(first), LinkForms.RowFormOf(later)));
        Assert.True(LinkForms.Fits(key, first, []));
        Assert.True(LinkForms.Fits(key, later, []));
    }

    [Fact]
    public void The_form_that_a_link_names_cannot_be_changed()
    {
        var key = Ring.CurrentChainKey();
        var code = LinkForms.Code(key, Link, [], LaterForm);
        foreach (var form in Enumerable.Range(0, 256).Select(form => (byte)form).Where(form => form != LaterForm))
        {
            Assert.False(LinkForms.Fits(key, Link with { Code = [code[0], form, .. code[2..]] }, []));
        }

        Assert.False(LinkForms.Fits(key, Link with { Code = [2, .. code[2..]] }, []));
        Assert.False(LinkForms.Fits(key, Link with { Code = code[2..] }, []));
    }

    [Fact]
    public async Task Rows_of_a_form_that_this_program_does_not_know_are_told_and_not_taken_for_broken_ones()
    {
        var folder = Directory.CreateTempSubdirectory("tokenactors-forms-");
        await using var store = await StoreFactory.Open(
            new StorageOptions { ConnectionString = StoreFactory.SqliteFile(Path.Combine(folder.FullName, "db")) }, "s",
            TimeProvider.System, NullLoggerFactory.Instance);
        await store.Append(Entry("t1", 1));
        var key = Ring.CurrentChainKey();
        var rows = await store.Links.Rows(0, long.MaxValue, 10);
        var link = new AuditLink(1, 1, rows[^1].Number, "p", RowCodes.Of(key, rows), []);
        await store.Links.Add(link with { Code = LinkForms.Code(key, link, [], LaterForm) });
        var verdict = await new AuditVerifier(store.Links, Ring, TimeProvider.System).Verify(null, new HashSet<string>());
        Assert.Contains("newer program", verdict.Broken);
    }
}
