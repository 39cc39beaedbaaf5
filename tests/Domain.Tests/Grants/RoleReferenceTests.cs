using System.Collections.Immutable;
using TokenActors.Domain.Grants;

namespace TokenActors.Domain.Tests.Grants;

public sealed class RoleReferenceTests
{
    private static readonly Guid Id = Guid.Parse("01900000-0000-7000-8000-000000000001");

    [Fact]
    public void A_reference_is_a_name_with_an_id_and_a_name_alone_has_none()
    {
        var reference = RoleReference.Of("ops", Id);
        Assert.Equal(("ops", Id), (RoleReference.NameOf(reference), RoleReference.IdOf(reference)));
        Assert.Equal(("viewer", null), (RoleReference.NameOf("viewer"), RoleReference.IdOf("viewer")));
    }

    [Theory]
    [InlineData("viewer")]
    [InlineData("viewer", "ops#01900000-0000-7000-8000-000000000001")]
    [InlineData("ops#01900000-0000-7000-8000-000000000001", "old")]
    public void Rows_hold_names_and_ids_apart(params string[] references)
    {
        ImmutableArray<string> bound = [.. references];
        Assert.DoesNotContain(RoleReference.NamesOf(bound), name => name.Contains('#'));
        Assert.Equal<string>(bound, RoleReference.From(RoleReference.NamesOf(bound), RoleReference.IdsOf(bound)));
    }

    /// <summary>Rows of before there were ids.</summary>
    [Fact]
    public void Names_without_ids_stay_names() =>
        Assert.Equal<string>(["a", "b"], RoleReference.From(["a", "b"], null));

    [Fact]
    public void A_name_that_no_role_has_any_more_stays_as_it_was_bound() => Assert.Equal<string>(
        [RoleReference.Of("ops", Id), "viewer", "never"],
        RoleReference.Keep(
            ["ops", "viewer", "never"], ["ops", "never"],
            [RoleReference.Of("ops", Id), RoleReference.Of("viewer", Id)]));
}
