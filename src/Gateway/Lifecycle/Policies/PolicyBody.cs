using System.Collections.Immutable;
using System.Text.Json;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Lifecycle.Policies;

/// <summary>Reads the body of <c>PUT policy</c>: what it leaves out is not demanded.</summary>
internal static class PolicyBody
{
    public static readonly ImmutableArray<string> Leaks = ["revoke", "disable", "notice"];

    private static readonly TimeSpan ShortestLife = TimeSpan.FromMinutes(1);

    /// <returns>null where something is wrong, which then stands in the fields' errors</returns>
    public static PolicyContent? Read(JsonFields fields)
    {
        var longest = Life(fields, "longest_life");
        var life = Life(fields, "default_life");
        if (longest is not null && life?.Value > longest.Value)
        {
            fields.Reject("default_life", "is longer than longest_life");
        }

        var content = new PolicyContent
        {
            LongestLife = longest?.Text,
            DefaultLife = life?.Text,
            MustExpire = fields.Flag("must_expire") ?? false,
            AllowedKinds = Kinds(fields),
            NoticeDays = Days(fields),
            OnLeak = Leak(fields),
        };
        fields.RefuseUnknown();
        return fields.Errors.Count == 0 ? content : null;
    }

    private static GoDuration? Life(JsonFields fields, string name)
    {
        if (fields.Text(name) is not { } text)
        {
            return null;
        }

        if (!GoDuration.TryParse(text, out var life, out var problem))
        {
            fields.Reject(name, problem);
            return null;
        }

        if (life.Value < ShortestLife)
        {
            fields.Reject(name, "must be a minute or more");
        }

        return life;
    }

    private static ImmutableArray<string>? Kinds(JsonFields fields)
    {
        if (fields.Texts("allowed_kinds", allowEmpty: true) is not { } kinds)
        {
            return null;
        }

        if (kinds.FirstOrDefault(kind => !TokenKinds.Chosen.Contains(kind)) is { } unknown)
        {
            fields.Reject("allowed_kinds", $"has {unknown}, which is none of {string.Join(", ", TokenKinds.Chosen)}");
        }

        return [.. TokenKinds.Chosen.Where(kinds.Contains)];
    }

    private static ImmutableArray<int>? Days(JsonFields fields)
    {
        if (fields.Any("notice_days") is not { } given || given.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        List<int> days = [];
        var isList = given.ValueKind == JsonValueKind.Array && given.GetArrayLength() <= TokenPolicy.MostNotices
            && given.EnumerateArray().All(day =>
            {
                var isDay = day.ValueKind == JsonValueKind.Number && day.TryGetInt32(out var number)
                    && number is >= 1 and <= TokenPolicy.EarliestNotice;
                if (isDay)
                {
                    days.Add(day.GetInt32());
                }

                return isDay;
            });
        if (!isList)
        {
            fields.Reject(
                "notice_days",
                $"must be at most {TokenPolicy.MostNotices} whole numbers from 1 to {TokenPolicy.EarliestNotice}");
        }

        return [.. days.Distinct().OrderDescending()];
    }

    private static string? Leak(JsonFields fields)
    {
        var text = fields.Text("on_leak");
        if (text is not null && !Leaks.Contains(text))
        {
            fields.Reject("on_leak", $"must be one of {string.Join(", ", Leaks)}");
        }

        return text == Leaks[0] ? null : text;
    }
}
