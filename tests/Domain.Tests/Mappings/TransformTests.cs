using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevLab.JmesPath;
using TokenActors.Domain.Mappings;

namespace TokenActors.Domain.Tests.Mappings;

/// <summary>Transforms are JMESPath: another implementation of it says what each expression makes.</summary>
public sealed class TransformTests
{
    private const string Data =
        """
        {
          "id": 9007199254740993, "name": "Ada", "mail": null, "on": true, "off": false, "empty": [], "none": {}, "text": "",
          "tags": ["b", "a", "c", "a"], "numbers": [3, 1.5, -2, 10], "mixed": [1, "a", null, [2, 3], {"k": 1}],
          "deep": {"a": {"b": {"c": [1, 2, {"d": "x"}]}}, "a b": {"ä": 1}},
          "users": [
            {"name": "x", "age": 30, "roles": ["r1", "r2"], "on": true},
            {"name": "y", "age": 20, "roles": ["r3"], "on": false},
            {"name": "z", "age": 25, "roles": [], "on": true, "boss": {"name": "x"}}
          ],
          "lists": [[1, 2], [3, [4, 5]], 6], "map": {"one": {"v": 1}, "two": {"v": 2}, "three": {"w": 3}}
        }
        """;

    [Theory]
    [InlineData("name")]
    [InlineData("\"name\"")]
    [InlineData("missing")]
    [InlineData("missing.deeper")]
    [InlineData("name.deeper")]
    [InlineData("deep.a.b.c[2].d")]
    [InlineData("deep.\"a b\".\"ä\"")]
    [InlineData("tags[0]")]
    [InlineData("tags[-1]")]
    [InlineData("tags[99]")]
    [InlineData("tags[1:3]")]
    [InlineData("tags[::-1]")]
    [InlineData("tags[::2]")]
    [InlineData("tags[-2:]")]
    [InlineData("tags[:-1:2]")]
    [InlineData("tags[5:0:-2]")]
    [InlineData("users[*].name")]
    [InlineData("users[].roles[]")]
    [InlineData("users[*].roles[*]")]
    [InlineData("users[*].roles[0]")]
    [InlineData("users[*].roles | [0]")]
    [InlineData("users[*].[name, age]")]
    [InlineData("users[*].{n: name, \"a\": age, r: roles[0]}")]
    [InlineData("users[?age > `21`].name")]
    [InlineData("users[?age < `25`].name")]
    [InlineData("users[?age <= `25`].name")]
    [InlineData("users[?age > `25`].name")]
    [InlineData("users[?age >= `25`].name")]
    [InlineData("users[?on].name")]
    [InlineData("users[?!on].name")]
    [InlineData("users[?age >= `20` && on || name == 'y'].name")]
    [InlineData("users[?boss.name == 'x'] | [0].name")]
    [InlineData("users[?roles[?@ == 'r2']].name")]
    [InlineData("users[?contains(roles, 'r3')].name[]")]
    [InlineData("map.*.v")]
    [InlineData("map.*")]
    [InlineData("*.a")]
    [InlineData("map.* | [0]")]
    [InlineData("lists[]")]
    [InlineData("lists[][]")]
    [InlineData("lists[*][0]")]
    [InlineData("[name, id]")]
    [InlineData("{a: name, b: {c: id, d: tags[*]}}")]
    [InlineData("missing.{a: @}")]
    [InlineData("`{\"a\": [1, \"x\", null]}`")]
    [InlineData("'raw \\'text\\''")]
    [InlineData("`\"a\\`b\"`")]
    [InlineData("mail || name")]
    [InlineData("text || empty || none || off || name")]
    [InlineData("on && name")]
    [InlineData("(on && off) || name")]
    [InlineData("!on")]
    [InlineData("!missing")]
    [InlineData("!deep.a")]
    [InlineData("!tags[0] || !users[*].name")]
    [InlineData("name == 'Ada'")]
    [InlineData("name != 'Ada'")]
    [InlineData("tags == tags")]
    [InlineData("deep == `{}`")]
    [InlineData("on == `true`")]
    [InlineData("on == off")]
    [InlineData("lists[0] == `[1, 2]`")]
    [InlineData("lists[0] == `[1, 3]`")]
    [InlineData("lists[0] == `[1, 2, 3]`")]
    [InlineData("lists[0] == `[2, 1]`")]
    [InlineData("map.one == `{\"v\": 1}`")]
    [InlineData("map.one == `{\"v\": 2}`")]
    [InlineData("map.one == `{\"w\": 1}`")]
    [InlineData("map.one == `{\"v\": 1, \"w\": 1}`")]
    [InlineData("users[2] == `{\"on\": true, \"age\": 25, \"roles\": [], \"name\": \"z\", \"boss\": {\"name\": \"x\"}}`")]
    [InlineData("users[2] == `{\"on\": true, \"age\": 25, \"roles\": [], \"name\": \"z\", \"boss\": {\"name\": \"y\"}}`")]
    [InlineData("users[2].boss == none")]
    [InlineData("text == empty")]
    [InlineData("mail == missing")]
    [InlineData("tags[*] != tags")]
    [InlineData("@.name")]
    [InlineData("abs(numbers[2])")]
    [InlineData("avg(numbers)")]
    [InlineData("avg(empty)")]
    [InlineData("ceil(numbers[1])")]
    [InlineData("floor(numbers[1])")]
    [InlineData("contains(name, 'd')")]
    [InlineData("contains(mixed, `[2, 3]`)")]
    [InlineData("contains(mixed, `{\"k\": 1}`)")]
    [InlineData("contains(mixed, `{\"k\": 2}`)")]
    [InlineData("contains(mixed, mail)")]
    [InlineData("ends_with(name, 'da')")]
    [InlineData("ends_with(name, 'Ad')")]
    [InlineData("starts_with(name, 'da')")]
    [InlineData("starts_with(name, 'Ad')")]
    [InlineData("join(', ', tags)")]
    [InlineData("join('', empty)")]
    [InlineData("keys(map)")]
    [InlineData("values(map)")]
    [InlineData("length(tags)")]
    [InlineData("length(name)")]
    [InlineData("length(map)")]
    [InlineData("map(&boss.name, users)")]
    [InlineData("max(numbers)")]
    [InlineData("max(tags)")]
    [InlineData("min(numbers)")]
    [InlineData("max(empty)")]
    [InlineData("max_by(users, &age).name")]
    [InlineData("min_by(users, &age).name")]
    [InlineData("min(empty)")]
    [InlineData("min(tags)")]
    [InlineData("max_by(empty, &age)")]
    [InlineData("min_by(empty, &age)")]
    [InlineData("sort(empty)")]
    [InlineData("sort_by(users, &name)[*].age")]
    [InlineData("sort_by(lists[0], &@)")]
    [InlineData("merge(map, `{\"one\": 1, \"four\": 4}`)")]
    [InlineData("not_null(mail, missing, name)")]
    [InlineData("reverse(tags)")]
    [InlineData("reverse(name)")]
    [InlineData("sort(tags)")]
    [InlineData("sort_by(users, &age)[*].name")]
    [InlineData("sum(numbers)")]
    [InlineData("sum(empty)")]
    [InlineData("to_array(name)")]
    [InlineData("to_array(tags)")]
    [InlineData("to_number('12.5')")]
    [InlineData("to_number('x')")]
    [InlineData("to_number(tags)")]
    [InlineData("to_string(tags)")]
    [InlineData("to_string(name)")]
    [InlineData("type(mail)")]
    [InlineData("users[*].roles[].length(@)")]
    [InlineData("users | [?on] | [*].name | sort(@) | {names: @, first: [0]}")]
    public void An_expression_makes_what_jmespath_says(string expression)
    {
        var expected = JsonNode.Parse(new JmesPath().Transform(Data, $"{{x: {expression}}}"));
        var actual = JsonNode.Parse(Run($"{{x: {expression}}}", Data));
        Assert.True(
            JsonNode.DeepEquals(expected, actual), $"{expression}: {actual?.ToJsonString()} and not {expected?.ToJsonString()}");
    }

    /// <summary>What the other implementation does not, or takes half a minute for.</summary>
    [Theory]
    [InlineData("tags[1:2147483647:2147483647]", """["a"]""")]
    [InlineData("name > 'A'", "null")]
    [InlineData("sort(numbers)", "[-2,1.5,3,10]")]
    [InlineData("mixed[*].type(@)", """["number","string","null","array","object"]""")]
    [InlineData("avg(numbers)", "3.125")]
    [InlineData("avg(`[1e300, 3e300]`)", "2E+300")]
    [InlineData("contains(name, id)", "false")]
    [InlineData("tags[?@ < 'b']", "[]")]
    [InlineData("length('\U0001F600a')", "2")]
    [InlineData("reverse('a\U0001F600b') == 'b\U0001F600a'", "true")]
    [InlineData("to_string(`{\"b\": [true, null], \"a\": 1.50}`)", "\"{\\\"b\\\":[true,null],\\\"a\\\":1.50}\"")]
    [InlineData("type(on)", "\"boolean\"")]
    [InlineData("sum(`[79228162514264337593543950335, 1]`) > `1e28`", "true")]
    public void An_expression_makes_what_the_specification_says(string expression, string made) =>
        Assert.Equal($$"""{"x":{{made}}}""", Run($"{{x: {expression}}}", Data));

    [Theory]
    [InlineData("9007199254740993")]
    [InlineData("12345678901234567890123456789012345678901234567890")]
    [InlineData("1.50")]
    [InlineData("-1e-40")]
    [InlineData("1E3")]
    public void A_number_that_passes_through_stays_as_it_was_written(string number) =>
        Assert.Equal($$"""{"x":{{number}}}""", Run("{x: n}", $$"""{"n":{{number}}}"""));

    [Fact]
    public void Ids_that_a_double_cannot_tell_apart_are_not_equal() =>
        Assert.Equal(
            """{"x":false}""", Run("{x: a == b}", """{"a":9007199254740993,"b":9007199254740992}"""));

    [Fact]
    public void Fields_stay_in_the_order_of_the_transform() =>
        Assert.Equal("""{"z":1,"a":"é<&","m":null}""", Run("{z: `1`, a: 'é<&', m: mail}", Data));

    [Fact]
    public void The_next_transform_sees_what_the_one_before_has_made()
    {
        var chain = new[] { "{user: {name: name}}", "merge(@, {class: `1`})", "{a: user.name, b: class}" };
        Assert.Equal("""{"a":"Ada","b":1}""", Run(chain, Data));
    }

    [Fact]
    public void The_raw_data_stands_in_the_field_that_is_asked_for()
    {
        using var data = JsonDocument.Parse("""{"a":1}""");
        var made = Transform.Run([Transform.Parse("{raw: `0`, b: a}")], data.RootElement, "raw");
        Assert.Equal("""{"raw":{"a":1},"b":1}""", Encoding.UTF8.GetString(made));
    }

    [Theory]
    [InlineData("a[*].b", "makes no object")]
    [InlineData("{x: abs('a')}", "calls a function whose argument 1 must be a number and is string")]
    [InlineData("{x: length(id)}", "calls a function whose argument 1 must be an array, an object or a string and is number")]
    [InlineData("{x: length(on)}", "calls a function whose argument 1 must be an array, an object or a string and is boolean")]
    [InlineData("{x: contains(map, 'one')}", "calls a function whose argument 1 must be an array or a string and is object")]
    [InlineData("{x: reverse(id)}", "calls a function whose argument 1 must be an array or a string and is number")]
    [InlineData("{x: sum(mixed)}", "calls a function whose argument 1 must be an array of numbers and is array")]
    [InlineData("{x: keys(tags)}", "calls a function whose argument 1 must be an object and is array")]
    [InlineData("{x: starts_with(mail, 'a')}", "calls a function whose argument 1 must be a string and is null")]
    [InlineData("{x: max_by(users, &on)}", "orders what is neither all numbers nor all strings")]
    [InlineData("{x: sort_by(users, &boss.name)}", "orders what is neither all numbers nor all strings")]
    [InlineData("{x: sort(mixed)}", "orders what is neither all numbers nor all strings")]
    [InlineData("{x: join('', numbers)}", "calls a function whose argument 2 must be an array of strings and is array")]
    public void What_does_not_fit_the_data_is_said_with_its_place(string expression, string message)
    {
        var problem = Assert.Throws<TransformChainException>(() => Run(["merge(@, `{}`)", expression], Data));
        Assert.Equal((1, message), (problem.Place, problem.Message));
    }

    /// <summary>Whoever reads the event elsewhere may take the other one.</summary>
    [Fact]
    public void Data_with_a_field_that_is_given_twice_is_refused() => Assert.Equal(
        "has an object with a field that is given twice",
        Assert.Throws<TransformException>(() => Run("{x: a}", """{"a":{"b":1,"c":2,"b":3}}""")).Message);

    [Theory]
    [InlineData("""{"a":"\ud800"}""", "a", "has a text that is not valid Unicode")]
    [InlineData("""{"a":1e400}""", "a", "a number is too large")]
    [InlineData("""{"a":[1e308,1e308]}""", "sum(a)", "a number is too large")]
    public void Data_that_no_run_can_keep_is_refused(string data, string expression, string message) => Assert.Equal(
        message, Assert.ThrowsAny<Exception>(() => Run($"{{x: {expression}}}", data)).Message.Split(": ")[^1]);

    /// <summary>Sixty levels are written and compared, and not one more.</summary>
    [Theory]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public void A_value_has_as_many_levels_as_may_be_written(int levels, bool taken)
    {
        var expression = $"{{x: a{string.Concat(Enumerable.Repeat(" | [@]", levels))}}}";
        Assert.Equal(taken, IsTaken(() => Run(expression, """{"a":1}""")));
        Assert.Equal(taken, IsTaken(() => Run(expression.Replace("[@]", "{k: @}", StringComparison.Ordinal), """{"a":1}""")));
    }

    [Theory]
    [InlineData("[@]", 60, true)]
    [InlineData("[@]", 61, false)]
    [InlineData("{k: @}", 60, true)]
    [InlineData("{k: @}", 61, false)]
    public void A_value_has_as_many_levels_as_may_be_compared(string level, int levels, bool taken)
    {
        var deep = $"a{string.Concat(Enumerable.Repeat($" | {level}", levels))}";
        Assert.Equal(taken, IsTaken(() => Run($"{{x: ({deep}) == ({deep})}}", """{"a":1}""")));
    }

    [Theory]
    [InlineData("", "line 1, character 1: the end is not expected")]
    [InlineData("a.", "line 1, character 3: the end is not expected")]
    [InlineData("a b", "line 1, character 3: b is not expected")]
    [InlineData("{a: b,\n c d}", "line 2, character 4: : is expected in place of d")]
    [InlineData("[a", "line 1, character 3: ] is expected in place of the end")]
    [InlineData("a[", "line 1, character 3: * is expected in place of the end")]
    [InlineData("'abc", "line 1, character 1: what begins with ' does not end")]
    [InlineData("`[1,`", "line 1, character 1: is no JSON")]
    [InlineData("a # b", "line 1, character 3: '#' is not expected")]
    [InlineData("a[99999999999]", "line 1, character 3: 99999999999 is no number that an index can be")]
    [InlineData("a[1:2:0]", "line 1, character 8: the step of a slice must not be 0")]
    [InlineData("a[1:2:3:4]", "line 1, character 9: 4 is not expected")]
    [InlineData("shout(a)", "line 1, character 1: there is no function shout")]
    [InlineData("abs()", "line 1, character 1: abs takes 1 arguments")]
    [InlineData("map(a, b)", "line 1, character 1: argument 1 of map must be an expression that begins with &")]
    [InlineData("abs(&a)", "line 1, character 1: argument 1 of abs must not be an expression that begins with &")]
    [InlineData("&a", "line 1, character 1: & is not expected")]
    [InlineData("a == ", "line 1, character 6: the end is not expected")]
    public void A_text_that_is_no_expression_is_refused_with_the_place(string text, string where) =>
        Assert.Equal(
            "cannot be parsed at " + where, Assert.Throws<TransformException>(() => Transform.Parse(text)).Message);

    private static bool IsTaken(Action run)
    {
        try
        {
            run();
            return true;
        }
        catch (TransformChainException e)
        {
            Assert.Equal("makes a value of more than 60 levels", e.Message);
            return false;
        }
    }

    private static string Run(string expression, string data) => Run([expression], data);

    private static string Run(string[] chain, string data)
    {
        using var document = JsonDocument.Parse(data);
        return Encoding.UTF8.GetString(Transform.Run([.. chain.Select(Transform.Parse)], document.RootElement));
    }
}
