using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary>The field <c>addresses</c>.</summary>
internal static class AddressFields
{
    /// <summary>The ranges as they were sent; null where there are none, or something is wrong with them.</summary>
    public static ImmutableArray<string>? Read(JsonFields fields)
    {
        if (fields.Texts("addresses") is not { } texts)
        {
            return null;
        }

        if (texts.Count > AddressRanges.MostRanges)
        {
            fields.Reject("addresses", $"must be at most {AddressRanges.MostRanges}");
            return null;
        }

        var (ranges, errors) = (texts.ToImmutableArray(), fields.Errors.Count);
        foreach (var (i, text) in ranges.Index())
        {
            if (AddressRanges.ProblemWith(text) is { } problem)
            {
                fields.Reject($"addresses/{i}", problem);
            }
        }

        return fields.Errors.Count == errors ? ranges : null;
    }
}
