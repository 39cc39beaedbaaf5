using CsCheck;
using TokenActors.Domain.Grants;

namespace TokenActors.Domain.Tests.Grants;

/// <summary>
/// The laws of "may do no more than". Everything that keeps a token from being widened rests on them: what is made from
/// a caller is compared with <see cref="Grant.IsWithin"/>, cut with <see cref="Grant.Narrow"/>, and used with
/// <see cref="Grant.Covers"/>.
/// </summary>
public sealed class GrantLawTests
{
    private const int Cases = 3000;

    private static readonly Gen<Grant[]> Three = AnyGrant.Grant.Array[3];

    [Fact]
    public void Being_within_is_a_preorder_with_nothing_below_all() => Three.HoldsForAll(
        Cases,
        grants =>
        {
            var (a, b, c) = (grants[0], grants[1], grants[2]);
            Assert.True(a.IsWithin(a));
            Assert.True(Grant.Nothing.IsWithin(a));
            Assert.Equal(a.IsWithin(b), !a.Beyond(b).Any());
            Assert.True(!(a.IsWithin(b) && b.IsWithin(c)) || a.IsWithin(c), "transitive");

            // Three that are drawn apart rarely make a chain, so one is made of them.
            var second = b.Narrow(c);
            var first = a.Narrow(second);
            Assert.True(first.IsWithin(second) && second.IsWithin(c) && first.IsWithin(c), "transitive");
        },
        Show);

    [Fact]
    public void What_lies_within_another_covers_nothing_that_the_other_does_not()
    {
        var seen = 0;
        Gen.Select(AnyGrant.Grant, AnyGrant.Grant, AnyGrant.Action, AnyGrant.Target).HoldsForAll(
            4 * Cases,
            drawn =>
            {
                var (a, b, action, target) = drawn;

                // Two grants that are drawn apart rarely lie within each other, so one of three is made to.
                var narrower = a.IsWithin(b) ? a : a.Narrow(b);
                Assert.True(narrower.IsWithin(b));
                if (narrower.Covers(action, target))
                {
                    Interlocked.Increment(ref seen);
                    Assert.True(b.Covers(action, target));
                }
            },
            drawn => $"{AnyGrant.Show(drawn.Item1)}\n{AnyGrant.Show(drawn.Item2)}\n{drawn.Item3} on {drawn.Item4}");
        Assert.True(seen > 100, $"only {seen} of the cases covered anything");
    }

    [Fact]
    public void What_lies_within_another_is_used_from_nowhere_that_the_other_is_not()
    {
        var seen = 0;
        Gen.Select(AnyGrant.Grant, AnyGrant.Grant, AnyGrant.Address).HoldsForAll(
            2 * Cases,
            drawn =>
            {
                var (a, b, address) = drawn;
                var narrower = a.IsWithin(b) ? a : a.Narrow(b);
                Assert.True(narrower.IsWithin(b));
                if (narrower.Clauses.Any(clause => !clause.IsEmpty) && narrower.Addresses.Contains(address))
                {
                    Interlocked.Increment(ref seen);
                    Assert.True(b.Addresses.Contains(address));
                }
            },
            drawn => $"{AnyGrant.Show(drawn.Item1)}\n{AnyGrant.Show(drawn.Item2)}\n{drawn.Item3}");
        Assert.True(seen > 100, $"only {seen} of the cases were used from anywhere");
    }

    [Fact]
    public void Narrowing_gives_the_widest_grant_within_both() => Three.HoldsForAll(
        Cases,
        grants =>
        {
            var (a, b, c) = (grants[0], grants[1], grants[2]);
            var narrowed = a.Narrow(b);
            Assert.True(narrowed.IsWithin(a), "narrowing never widens");
            Assert.True(narrowed.IsWithin(b), "narrowing never widens");
            Assert.True(c.Narrow(a).Narrow(b).IsWithin(narrowed), "what lies within both lies within it");
            Assert.True(narrowed.IsWithin(b.Narrow(a)), "the order of two does not matter");
            Assert.True(a.IsWithin(a.Narrow(a)), "narrowed to itself it stays");
        },
        Show);

    [Fact]
    public void A_token_made_from_a_token_made_from_a_token_lies_within_the_first()
    {
        var made = 0;
        var step = Gen.Select(AnyGrant.Set.Where(actions => !actions.IsEmpty), AnyGrant.Request);
        Gen.Select(AnyGrant.FromAnywhere, step.Array[1, 4]).HoldsForAll(
            2 * Cases,
            drawn =>
            {
                var (first, steps) = drawn;
                var caller = first;
                foreach (var (actions, request) in steps)
                {
                    var attenuation = Attenuation.Of(caller, actions, request);
                    Assert.Equal(attenuation.Allowed, attenuation.TooMuch.Count == 0);
                    if (attenuation.Resources is not { } resources)
                    {
                        Assert.DoesNotContain("", attenuation.TooMuch);
                        continue;
                    }

                    Interlocked.Increment(ref made);
                    var child = Grant.Of(actions, resources);
                    Assert.True(child.IsWithin(caller), "no wider than what it was made with");
                    Assert.True(child.IsWithin(first), "no wider than the first");
                    caller = child;
                }
            },
            drawn => $"{AnyGrant.Show(drawn.Item1)}\n{string.Join('\n', drawn.Item2)}");
        Assert.True(made > 100, $"only {made} of the requests were allowed");
    }

    [Fact]
    public void A_set_of_actions_is_the_set_of_its_names() => AnyGrant.Set.HoldsForAll(
        Cases,
        set =>
        {
            Assert.Equal(set, ActionSet.Of(set.Names()));
            Assert.All(set.Names(), name => Assert.True(set.Contains(name)));
            Assert.True(set.Intersect(ActionSet.None).IsEmpty);
            Assert.Equal(set, ActionSet.Of("all:*").Without(ActionSet.Of("all:*").Without(set)));
        });

    [Fact]
    public void Resources_that_lie_within_others_are_wider_in_no_part() =>
        Gen.Select(AnyGrant.Resources, AnyGrant.Resources).HoldsForAll(Cases, pair =>
        {
            var (a, b) = pair;
            Assert.Equal(a.IsWithin(b), !a.WiderThan(b).Any());
            Assert.Empty(a.Intersect(b).WiderThan(a));
            Assert.Equal(a.Intersect(b), b.Intersect(a));
            Assert.Equal(a, a.Intersect(Resources.All));
        });

    private static string Show(Grant[] grants) => string.Join('\n', grants.Select(AnyGrant.Show));
}
