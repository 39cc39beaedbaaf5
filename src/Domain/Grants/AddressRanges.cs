using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace TokenActors.Domain.Grants;

/// <summary>
/// From where something may be used: anywhere, or from ranges of addresses. They are kept in their shortest form
/// (sorted, none within another, two halves as the whole that they are), so that equal sets compare equal, and one set
/// lies within another exactly where each of its ranges lies within one of the other's.
/// </summary>
public sealed record AddressRanges
{
    /// <summary>How many ranges there may be: all of them are compared at every use.</summary>
    public const int MostRanges = 32;

    public static readonly AddressRanges Anywhere = new((ImmutableArray<AddressBlock>?)null);

    public static readonly AddressRanges Nowhere = new([]);

    private readonly ImmutableArray<AddressBlock>? _blocks;

    private AddressRanges(ImmutableArray<AddressBlock>? blocks) => _blocks = blocks;

    public bool IsAnywhere => _blocks is null;

    /// <summary>No address is among them.</summary>
    public bool IsNowhere => _blocks is { Length: 0 };

    /// <summary>More than there may be.</summary>
    public bool HasTooMany => _blocks is { Length: > MostRanges };

    /// <summary>As they are written; null for <see cref="Anywhere"/>.</summary>
    public ImmutableArray<string>? Texts =>
        _blocks is { } blocks ? [.. blocks.Select(block => block.ToString())] : null;

    /// <summary>What is wrong with a range as it is written; null where nothing is.</summary>
    public static string? ProblemWith(string text) =>
        AddressBlock.TryParse(text, out _, out var problem) ? null : problem;

    /// <summary>An address as people write it.</summary>
    public static bool TryParseAddress(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = AddressBlock.TryParseAddress(text, out var read) ? read : null;
        return address is not null;
    }

    /// <summary>Ranges as they are written; <see cref="Anywhere"/> for null.</summary>
    /// <exception cref="FormatException">one is no range</exception>
    public static AddressRanges Of(IEnumerable<string>? texts) => texts is null
        ? Anywhere
        : new(Shortest(texts.Select(text =>
            AddressBlock.TryParse(text, out var block, out var problem)
                ? block
                : throw new FormatException($"'{text}' {problem}"))));

    public bool Contains(IPAddress address)
    {
        if (_blocks is not { } blocks)
        {
            return true;
        }

        var one = AddressBlock.Of(address);
        foreach (var block in blocks)
        {
            if (block.Contains(one))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A partial order: every address of these is one of the others.</summary>
    public bool IsWithin(AddressRanges other) => other._blocks is not { } theirs
        || (_blocks is { } mine && mine.All(one => theirs.Any(block => block.Contains(one))));

    /// <summary>The addresses that are among both.</summary>
    public AddressRanges Intersect(AddressRanges other)
    {
        if (other._blocks is not { } theirs)
        {
            return this;
        }

        return _blocks is not { } mine
            ? other
            : new(Shortest(
            [
                .. mine.Where(one => theirs.Any(block => block.Contains(one))),
                .. theirs.Where(one => mine.Any(block => block.Contains(one))),
            ]));
    }

    public bool Equals(AddressRanges? other) => other is not null && (_blocks, other._blocks) switch
    {
        (null, null) => true,
        ({ } mine, { } theirs) => mine.SequenceEqual(theirs),
        _ => false,
    };

    public override int GetHashCode() => _blocks is { } blocks ? blocks.Aggregate(17, HashCode.Combine) : 1;

    public override string ToString() => Texts is { } texts ? string.Join(',', texts) : "*";

    /// <summary>
    /// Sorted, a range comes after the wider one that holds it, and next to the other half of the whole that both are.
    /// </summary>
    private static ImmutableArray<AddressBlock> Shortest(IEnumerable<AddressBlock> blocks)
    {
        List<AddressBlock> kept = [];
        foreach (var block in blocks.Order())
        {
            if (kept is [.., var last] && last.Contains(block))
            {
                continue;
            }

            var next = block;
            while (kept is [.., var half] && half.With(next) is { } whole)
            {
                kept.RemoveAt(kept.Count - 1);
                next = whole;
            }

            kept.Add(next);
        }

        return [.. kept];
    }
}
