using System.Diagnostics;
using System.Text.Json.Nodes;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Tests.Http;

public sealed class BoundedPatchTests
{
    private static readonly string[] Fields = ["x", "y", "labels"];

    private static JsonObject Operation(string op, string path, JsonNode? value = null, string? from = null) =>
        new() { ["op"] = op, ["path"] = path, ["value"] = value, ["from"] = from };

    [Fact]
    public void A_patch_that_doubles_itself_ends_within_its_bound()
    {
        var target = new JsonObject();
        var patch = new BoundedPatch(target, Fields);
        Assert.Null(patch.Apply(Operation("add", "/x", new JsonArray("aaaaaaaaaa"))));
        var since = Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var applied = 0;
        while (applied < 100 && patch.Apply(Operation("copy", "/x/-", from: "/x")) is null)
        {
            applied++;
        }

        Assert.InRange(applied, 10, 20);
        Assert.InRange(target.ToJsonString().Length, 1, 2 * 1024 * 1024);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 * 1024 * 1024);
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Many_copies_of_one_large_value_count_together()
    {
        var patch = new BoundedPatch(new JsonObject { ["x"] = new string('a', 400_000) }, Fields);
        Assert.Null(patch.Apply(Operation("copy", "/y", from: "/x")));
        Assert.Null(patch.Apply(Operation("copy", "/y", from: "/x")));
        Assert.NotNull(patch.Apply(Operation("copy", "/labels", from: "/x")));
    }

    [Theory]
    [InlineData("add", "/unknown", null)]
    [InlineData("copy", "/unknown", "/x")]
    [InlineData("move", "/unknown", "/x")]
    [InlineData("add", "/unknown/x", null)]
    [InlineData("copy", "/y", "/nothing")]
    [InlineData("copy", "/y", "/x/00")]
    [InlineData("remove", "/y", null)]
    [InlineData("replace", "/x/00", null)]
    [InlineData("remove", "/x/+0", null)]
    [InlineData("add", "/x/ 0", null)]
    [InlineData("add", "/x/0 ", null)]
    [InlineData("test", "/x/01", null)]
    [InlineData("replace", "/x/-", null)]
    [InlineData("remove", "/x/-", null)]
    [InlineData("test", "/x/-", null)]
    [InlineData("add", "/x/-/-", null)]
    [InlineData("move", "/y", "/x/-")]
    [InlineData("copy", "/y", "/x/-")]
    [InlineData("move", "/y", "/x/00")]
    public void What_leads_to_nothing_does_not_apply(string op, string path, string? from)
    {
        var patch = new BoundedPatch(new JsonObject { ["x"] = new JsonArray(1) }, Fields);
        Assert.NotNull(patch.Apply(Operation(op, path, 1, from)));
    }

    [Fact]
    public void An_object_that_lies_too_deep_is_not_read()
    {
        var patch = new BoundedPatch(new JsonObject { ["x"] = new JsonObject() }, Fields);
        Assert.Null(patch.Apply(Operation("add", "/x/a", new JsonObject())));
        var applied = 0;
        while (applied < 40 && patch.Apply(Operation("copy", "/x/a/" + string.Concat(Enumerable.Repeat("b/", applied)) + "b", from: "/x/a")) is null)
        {
            applied++;
        }

        Assert.True(applied > 3);
        Assert.Null(patch.Outcome());
    }
}
