namespace TokenActors.Domain.Mappings;

/// <summary>
/// One run of transforms over data. Every node and every item costs a step of the budget before it is worked on, so
/// that neither time nor memory grows beyond it.
/// </summary>
internal sealed class TransformRun(TransformBudget budget)
{
    public TransformBudget Budget => budget;

    /// <exception cref="TransformException">the budget is spent, or a function cannot use its arguments</exception>
    public object? Evaluate(TransformNode node, object? value)
    {
        budget.Spend();
        return node switch
        {
            CurrentNode => value,
            FieldNode field => value is OrderedDictionary<string, object?> fields ? Field(fields, field.Name) : null,
            LiteralNode literal => literal.Value,
            ThenNode then => Evaluate(then.Right, Evaluate(then.Left, value)),
            IndexNode index => At(value as object?[] ?? [], index.Index),
            SliceNode slice => value is object?[] items ? Slice(items, slice) : null,
            FlattenNode flatten => Evaluate(flatten.Of, value) is object?[] items ? Flatten(items) : null,
            ListProjectionNode p => Evaluate(p.Left, value) is object?[] items ? Project(items, p.Right) : null,
            ValueProjectionNode p => Evaluate(p.Left, value) is OrderedDictionary<string, object?> all
                ? Project(all.Values, p.Right)
                : null,
            FilterNode filter => Evaluate(filter.Left, value) is object?[] items ? Filter(items, filter) : null,
            OrNode or => Evaluate(or.Left, value) is var left && JsonValues.IsTrue(left)
                ? left
                : Evaluate(or.Right, value),
            AndNode and => Evaluate(and.Left, value) is var left && JsonValues.IsTrue(left)
                ? Evaluate(and.Right, value)
                : left,
            NotNode not => !JsonValues.IsTrue(Evaluate(not.Of, value)),
            CompareNode compare => Compare(compare, value),
            ListNode list when value is not null => Each(list.Items, value),
            ObjectNode hash when value is not null => Fields(hash, value),
            ListNode or ObjectNode => null,
            CallNode call => call.Function.Call(this, Each(call.Arguments, value)),
            ExpressionNode expression => expression.Of,
            _ => throw new InvalidOperationException($"{node.GetType().Name} is not evaluated"),
        };
    }

    /// <summary>To look a name up is to hash the whole of it.</summary>
    private object? Field(OrderedDictionary<string, object?> fields, string name)
    {
        budget.SpendOn(name);
        return fields.GetValueOrDefault(name);
    }

    private object?[] Each(IReadOnlyList<TransformNode> nodes, object? value)
    {
        var made = new object?[nodes.Count];
        for (var i = 0; i < made.Length; i++)
        {
            made[i] = Evaluate(nodes[i], value);
        }

        return made;
    }

    private object?[] Filter(object?[] items, FilterNode filter) =>
        Project(items.Where(item => JsonValues.IsTrue(Evaluate(filter.Condition, item))), filter.Right);

    private static object? At(object?[] items, int index)
    {
        var place = index < 0 ? index + items.Length : index;
        return place >= 0 && place < items.Length ? items[place] : null;
    }

    /// <summary>What is not there is left out, as JMESPath says.</summary>
    private object?[] Project(IEnumerable<object?> items, TransformNode right)
    {
        List<object?> made = [];
        foreach (var item in items)
        {
            budget.Spend();
            if (Evaluate(right, item) is { } result)
            {
                made.Add(result);
            }
        }

        return [.. made];
    }

    private object?[] Flatten(object?[] items)
    {
        List<object?> made = [];
        foreach (var item in items)
        {
            var inner = item as object?[];
            budget.Spend(1 + (inner?.Length ?? 0));
            if (inner is null)
            {
                made.Add(item);
            }
            else
            {
                made.AddRange(inner);
            }
        }

        return [.. made];
    }

    private object?[] Slice(object?[] items, SliceNode slice)
    {
        var isForward = slice.Step > 0;
        var start = Bound(slice.Start, isForward ? 0 : items.Length - 1);
        var stop = Bound(slice.Stop, isForward ? items.Length : -1);
        List<object?> made = [];
        for (long i = start; isForward ? i < stop : i > stop; i += slice.Step)
        {
            budget.Spend();
            made.Add(items[i]);
        }

        return [.. made];

        long Bound(int? given, int otherwise)
        {
            if (given is not { } place)
            {
                return otherwise;
            }

            long counted = place < 0 ? (long)place + items.Length : place;
            return isForward ? Math.Clamp(counted, 0, items.Length) : Math.Clamp(counted, -1, items.Length - 1);
        }
    }

    private OrderedDictionary<string, object?> Fields(ObjectNode node, object value)
    {
        var made = new OrderedDictionary<string, object?>(node.Fields.Count, StringComparer.Ordinal);
        foreach (var (name, field) in node.Fields)
        {
            budget.SpendOn(name);
            made[name] = Evaluate(field, value);
        }

        return made;
    }

    /// <summary>Only numbers have an order; other values compare as null.</summary>
    private bool? Compare(CompareNode node, object? value)
    {
        object? left = Evaluate(node.Left, value), right = Evaluate(node.Right, value);
        if (node.Operator is "==" or "!=")
        {
            return JsonValues.AreEqual(left, right, budget) == (node.Operator == "==");
        }

        if ((left, right) is not (JsonNumber one, JsonNumber other))
        {
            return null;
        }

        var order = one.CompareTo(other);
        return node.Operator switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }
}
