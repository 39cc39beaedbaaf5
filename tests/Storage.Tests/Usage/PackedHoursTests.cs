using CsCheck;
using TokenActors.Storage.Usage;

namespace TokenActors.Storage.Tests.Usage;

/// <summary>The hours of a day as one text.</summary>
public sealed class PackedHoursTests
{
    private static readonly string[] Reasons = ["expired", "not_found", "a-b", "x1"];

    private static readonly Gen<UseCounts> Counts = Gen.Select(
        Gen.Long[0, long.MaxValue],
        Gen.Select(Gen.Int[0, 3].Select(i => Reasons[i]), Gen.Long[1, 1L << 50]).Array[0, 4],
        (accepted, refused) => new UseCounts(
            accepted, refused.GroupBy(one => one.Item1).ToDictionary(same => same.Key, same => same.First().Item2)));

    [Fact]
    public void The_text_is_what_the_documentation_shows() => Assert.Equal(
        "9 120;10 3 disabled=1,expired=2",
        PackedHours.Pack(new Dictionary<int, UseCounts>
        {
            [10] = new(3, new Dictionary<string, long> { ["expired"] = 2, ["disabled"] = 1 }),
            [9] = new(120, new Dictionary<string, long>()),
        }));

    [Fact]
    public void A_day_of_nothing_is_no_text()
    {
        Assert.Equal("", PackedHours.Pack([]));
        Assert.Empty(PackedHours.Unpack(""));
    }

    [Fact]
    public void Whatever_is_packed_is_unpacked_again() => Gen.Select(Gen.Int[0, 23], Counts).Array[0, 24].Sample(
        given =>
        {
            var hours = given.GroupBy(one => one.Item1).ToDictionary(same => same.Key, same => same.First().Item2);
            var read = PackedHours.Unpack(PackedHours.Pack(hours));
            Assert.Equal(hours.Keys.Order(), read.Keys.Order());
            foreach (var (hour, counts) in hours)
            {
                Assert.Equal(counts.Accepted, read[hour].Accepted);
                Assert.Equal(counts.Refused.OrderBy(one => one.Key), read[hour].Refused.OrderBy(one => one.Key));
            }

            Assert.Equal(PackedHours.Pack(hours), PackedHours.Pack(read));
        },
        iter: 500);

    /// <summary>Silos add to the same hour of the same token.</summary>
    [Fact]
    public void Counts_are_added_reason_by_reason_and_leave_what_they_were_made_of()
    {
        var one = new UseCounts(1, new Dictionary<string, long> { ["expired"] = 2 });
        var other = new UseCounts(10, new Dictionary<string, long> { ["expired"] = 20, ["disabled"] = 5 });
        var sum = one.Add(other);
        Assert.Equal((11, 22, 5), (sum.Accepted, sum.Refused["expired"], sum.Refused["disabled"]));
        Assert.Equal(2, Assert.Single(one.Refused).Value);
        Assert.Equal(1 + 1, one.Add(UseCounts.None with { Accepted = 1 }).Accepted);
        Assert.Equal(2, one.Add(UseCounts.None).Refused["expired"]);
        Assert.Equal(0, UseCounts.None.Accepted);
        Assert.Empty(UseCounts.None.Refused);
    }
}
