namespace TokenActors.Domain.Mappings;

/// <summary>A part of a parsed transform. <see cref="Levels"/> is how deep its parts lie.</summary>
internal abstract record TransformNode(int Levels)
{
    protected static int Above(params ReadOnlySpan<TransformNode> parts)
    {
        var levels = 0;
        foreach (var part in parts)
        {
            levels = Math.Max(levels, part.Levels);
        }

        return levels + 1;
    }
}

/// <summary><c>@</c>, and what stands where nothing is written: the value itself.</summary>
internal sealed record CurrentNode() : TransformNode(1);

/// <summary>A field of an object.</summary>
internal sealed record FieldNode(string Name) : TransformNode(1);

/// <summary><c>[2]</c>, <c>[-1]</c>.</summary>
internal sealed record IndexNode(int Index) : TransformNode(1);

/// <summary><c>[1:5:2]</c>.</summary>
internal sealed record SliceNode(int? Start, int? Stop, int Step) : TransformNode(1);

/// <summary>A value that the transform holds.</summary>
internal sealed record LiteralNode(object? Value) : TransformNode(1);

/// <summary><c>[]</c>: one level of lists is taken out.</summary>
internal sealed record FlattenNode(TransformNode Of) : TransformNode(Above(Of));

/// <summary><c>left.right</c> and <c>left | right</c>: the right part sees what the left one makes.</summary>
internal sealed record ThenNode(TransformNode Left, TransformNode Right) : TransformNode(Above(Left, Right));

/// <summary><c>left[*].right</c>: the right part sees each item of a list.</summary>
internal sealed record ListProjectionNode(TransformNode Left, TransformNode Right) : TransformNode(Above(Left, Right));

/// <summary><c>left.*.right</c>: the right part sees each value of an object.</summary>
internal sealed record ValueProjectionNode(TransformNode Left, TransformNode Right) : TransformNode(Above(Left, Right));

/// <summary><c>left[?condition].right</c>.</summary>
internal sealed record FilterNode(TransformNode Left, TransformNode Condition, TransformNode Right)
    : TransformNode(Above(Left, Condition, Right));

internal sealed record OrNode(TransformNode Left, TransformNode Right) : TransformNode(Above(Left, Right));

internal sealed record AndNode(TransformNode Left, TransformNode Right) : TransformNode(Above(Left, Right));

internal sealed record NotNode(TransformNode Of) : TransformNode(Above(Of));

/// <summary><paramref name="Operator"/> is as it is written, such as <c>&lt;=</c>.</summary>
internal sealed record CompareNode(string Operator, TransformNode Left, TransformNode Right)
    : TransformNode(Above(Left, Right));

/// <summary><c>[a, b]</c>.</summary>
internal sealed record ListNode(IReadOnlyList<TransformNode> Items) : TransformNode(Above([.. Items]));

/// <summary><c>{a: b}</c>.</summary>
internal sealed record ObjectNode(IReadOnlyList<KeyValuePair<string, TransformNode>> Fields)
    : TransformNode(Above([.. Fields.Select(field => field.Value)]));

/// <summary><c>&amp;expression</c>: an argument that the function runs itself.</summary>
internal sealed record ExpressionNode(TransformNode Of) : TransformNode(Above(Of));

internal sealed record CallNode(TransformFunction Function, IReadOnlyList<TransformNode> Arguments)
    : TransformNode(Above([.. Arguments]));
