using System.Text.Json;
using CsCheck;
using TokenActors.Domain.Mappings;
using Xunit.Abstractions;

namespace TokenActors.Domain.Tests.Mappings;

/// <summary>Whatever a transform is and whatever it is run on: it ends soon, and makes no more than it may.</summary>
public sealed class TransformBoundsTests(ITestOutputHelper output)
{
    private const int LongestTransform = 16 * 1024;

    private const int MostMegabytes = 64;

    /// <summary>The first run compiles, and any may be disturbed by the machine.</summary>
    private const int Runs = 3;

    /// <summary>Of the thread's processor time, which a busy machine does not lengthen.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromMilliseconds(250);

    private static readonly string ManyNumbers = $$"""{"a":[{{string.Join(',', Enumerable.Range(0, 45_000))}}]}""";

    private static readonly string ManyTexts =
        $$"""{"a":[{{string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"{new string('x', 500)}{i}\""))}}]}""";

    private static readonly string LongTexts =
        $$"""{"a":"{{new string('a', 170_000)}}","b":"{{new string('a', 85_000)}}b"}""";

    private static readonly string ManyWords = $$"""{"a":[{{Repeat("\"x\"", ",", 45_000)}}]}""";

    private static readonly string LargeNumbers = $$"""{"a":[{{Repeat(new string('9', 28), ",", 9_000)}}]}""";

    private static readonly string ManyObjects = $$"""{"a":[{{Repeat("{\"\":0}", ",", 32_000)}}]}""";

    private static readonly string LongNumber = $$"""{"a":0.{{new string('7', 250_000)}}}""";

    private static readonly string LongKey = $$"""{"{{new string('k', 260_000)}}":1}""";

    private static readonly string LongEscapes = $$"""{"a":"{{Repeat("\\n", "", 120_000)}}"}""";

    private static readonly string LongName = new('k', 16_000);

    public static TheoryData<string, string, string> Attacks() => new()
    {
        { "lists of lists, shared", "{x: @ | " + Repeat("[@,@]", " | ", 60) + "}", """{"a":1}""" },
        { "objects of objects, shared", "{x: @ | " + Repeat("{l: @, r: @}", " | ", 60) + "}", """{"a":1}""" },
        { "lists flattened", "{x: @ | " + Repeat("[@,@]|[]", " | ", 60) + "}", """{"a":1}""" },
        { "every item with every item", "{x: a[*].[@, `1`] | length(map(&map(&@, [0]), @)), y: a[].[a,a,a,a] }", ManyNumbers },
        { "a list in each of its items", "{x: [a,a,a,a,a,a,a,a,a,a,a,a,a,a][] | [@,@,@,@,@,@,@,@][]}", ManyNumbers },
        { "sorted again and again", "{x: a | " + Repeat("sort(@)", "|", 1000) + "}", ManyNumbers },
        { "sorted by what is alike", "{x: a | " + Repeat("sort_by(@, &@)", "|", 500) + "}", ManyTexts },
        { "compared with itself", "{x: " + Repeat("a == a", " && ", 90) + "}", ManyNumbers },
        { "compared where parts are shared", "{x: " + Shared(40) + " == " + Shared(40) + "}", """{"a":1}""" },
        { "a text doubled", "{x: 'x' | " + Repeat("join('', [@,@])", "|", 90) + "}", """{"a":1}""" },
        { "texts of texts", "{x: a | " + Repeat("[to_string(@),to_string(@)]", "|", 40) + "}", """{"a":1}""" },
        { "a search that fails late", "{x: " + Repeat("contains(a, b)", " || ", 60) + "}", LongTexts },
        { "a long text, written often", "{x: [" + Repeat("a", ",", 8000) + "]}", LongTexts },
        { "a filter in a filter", "{x: a[?a[?a[?@]]], y: a[?length($)], z: a}".Replace("length($)", "contains(`[1]`, @)"), ManyNumbers },
        { "a filter that looks at all", "{x: [a] | map(&(@ | [?contains(@, `-1`)]), [@,@,@])}", ManyNumbers },
        { "each of all, joined", "{x: " + Repeat("join(',', map(&to_string(@), a))", " || ", 1) + ", y: a[*].to_string(@)}", ManyNumbers },
        { "deep without end", "{x: @ | " + Repeat("[@]", "|", 80) + "}", """{"a":1}""" },
        { "numbers summed", "{x: " + Repeat("sum(a)", " && ", 90) + "}", ManyNumbers },
        { "numbers averaged", "{x: a[*].[avg([@,@,@])]}", ManyNumbers },
        { "numbers made of numbers", "{x: a[*].abs(abs(abs(abs(abs(@)))))}", ManyNumbers },
        { "sums that are too large", "{x: [a,a,a,a][] | [*].sum([@,@,@,@,@,@,@,@])}", LargeNumbers },
        { "texts that are no numbers", "{x: a[*].to_number(@)}", ManyWords },
        { "a long number, written often", "{x: map(&to_string([@]), [" + Repeat("a", ",", 8000) + "])}", LongNumber },
        { "a long number, read often", "{x: map(&to_number(to_string(@)), [" + Repeat("a", ",", 8000) + "])}", LongNumber },
        { "a long name of a field, sought", "{a: a, x: a[?\"" + LongName + "\"]}", ManyObjects },
        { "a long name of a field, made", "{x: a[*].{" + LongName + ": @}}", ManyObjects },
        { "a long key, compared", "{x: [" + Repeat("@==@", ",", 2600) + "]}", LongKey },
        { "a long key, merged", "{x: [" + Repeat("merge(@,@)", ",", 1400) + "]}", LongKey },
        { "a text turned round", "{x: [" + Repeat("reverse(a)", ",", 24) + "]}", LongTexts },
        { "escapes, written often", "{x: [" + Repeat("to_string([a])", ",", 40) + "]}", LongEscapes },
        { "texts of little", "{x: a[*].to_string([@])}", ManyNumbers },
        { "objects of little", "{x: a[*].merge({b: @}, {c: @})}", ManyNumbers },
        { "slices", "{x: [" + Repeat("a[::1]", ",", 2000) + "]}", ManyNumbers },
        { "merged", "{x: merge(" + Repeat("@", ",", 7000) + ")}", $$"""{{{string.Join(',', Enumerable.Range(0, 90).Select(i => $"\"k{i}\":1"))}}}""" },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public void A_transform_that_grows_is_stopped(string name, string transform, string data)
    {
        Assert.True(transform.Length <= LongestTransform && data.Length <= Transform.LongestInput, name);
        Transform[] chain;
        try
        {
            chain = [.. Enumerable.Repeat(Transform.Parse(transform), 10)];
        }
        catch (TransformException)
        {
            return;
        }

        using var document = JsonDocument.Parse(data);
        var took = Enumerable.Range(0, Runs).Select(_ => Measured(chain, document.RootElement)).ToArray();
        var (time, megabytes) = (took.Min(run => run.Time), took.Min(run => run.Megabytes));
        output.WriteLine($"{time.TotalMilliseconds:F0} ms, {megabytes} MiB");
        Assert.True(time <= MostTime, $"{name} took {time}");
        Assert.True(megabytes <= MostMegabytes, $"{name} took {megabytes} MiB");
    }

    private static (TimeSpan Time, long Megabytes) Measured(Transform[] chain, JsonElement data)
    {
        var (bytes, time) = (GC.GetAllocatedBytesForCurrentThread(), ThreadClock.Now);
        try
        {
            Assert.True(Transform.Run(chain, data).Length <= Transform.LongestOutput);
        }
        catch (TransformChainException)
        {
        }

        return (ThreadClock.Now - time, (GC.GetAllocatedBytesForCurrentThread() - bytes) >> 20);
    }

    [Theory]
    [InlineData("(", "a", ")")]
    [InlineData("!", "a", "")]
    [InlineData("[", "a", "]")]
    [InlineData("{a:", "a", "}")]
    [InlineData("not_null(", "a", ")")]
    [InlineData("a[?", "a", "]")]
    [InlineData("a.", "a", "")]
    [InlineData("", "a", "[0]")]
    [InlineData("", "a", "[]")]
    [InlineData("", "a", "[*]")]
    [InlineData("", "a", ".a")]
    [InlineData("a||", "a", "")]
    [InlineData("", "a", "|a")]
    [InlineData("[*]", "[0]", "")]
    public void A_transform_that_nests_too_deep_is_no_transform(string before, string within, string after)
    {
        const int count = 8_000;
        var text = Repeat(before, "", count) + within + Repeat(after, "", count);
        Assert.Contains("nests more than", Assert.Throws<TransformException>(() => Transform.Parse(text)).Message);
    }

    /// <summary>Words of the grammar in any order: most are no expression, and none is anything but refused.</summary>
    [Fact]
    public void Whatever_is_written_is_refused_or_run_within_the_bounds()
    {
        string[] words =
        [
            "a", "b", "\"c d\"", "@", "*", "[", "]", "{", "}", "(", ")", ".", ",", ":", "|", "||", "&&", "!", "==",
            "<", "&", "[?", "[]", "0", "-1",
            "'t'", "`1`", "`[1,{}]`", "sort(", "map(&", "to_string(", "join('',", "merge(", "length(", "contains(", " ",
            "[*]", "[0]", "[::-1]", "x:",
        ];
        using var document = JsonDocument.Parse("""{"a":[1,{"b":"t"},[2]],"b":{"a":null},"c d":"x"}""");
        Gen.Int[0, words.Length - 1].Select(i => words[i]).Array[1, 25].HoldsForAll(20_000, drawn =>
        {
            try
            {
                Transform.Run([Transform.Parse($"{{x: {string.Concat(drawn)}}}")], document.RootElement);
            }
            catch (Exception e) when (e is TransformException or TransformChainException)
            {
            }
        });
    }

    private static string Repeat(string text, string between, int count) =>
        string.Join(between, Enumerable.Repeat(text, count));

    private static string Shared(int times) => "(@ | " + Repeat("[@,@]", "|", times) + ")";
}
