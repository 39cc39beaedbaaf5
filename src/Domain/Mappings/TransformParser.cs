namespace TokenActors.Domain.Mappings;

/// <summary>
/// Parses JMESPath by the strength with which signs bind. Recursion ends with the nesting that is allowed.
/// </summary>
internal sealed class TransformParser(string text)
{
    /// <summary>Of a transform, which is then evaluated by recursion.</summary>
    private const int MostLevels = 100;

    /// <summary>Signs that bind less end a projection.</summary>
    private const int EndsProjection = 10;

    private static readonly CurrentNode Itself = new();

    private readonly TokenReader _tokens = new(text);
    private int _levels;

    /// <exception cref="TransformException">the text is no transform; the message says where</exception>
    public TransformNode Parse()
    {
        var node = Expression(0);
        return _tokens.Current.Kind == TokenKind.End ? node : throw _tokens.Unexpected();
    }

    private TransformNode Expression(int strength)
    {
        if (++_levels > MostLevels)
        {
            throw TooDeep();
        }

        var left = Begin(_tokens.Take());
        while (strength < _tokens.Current.Strength)
        {
            left = Continue(_tokens.Take(), left);
            if (left.Levels > MostLevels)
            {
                throw TooDeep();
            }
        }

        _levels--;
        return left;
    }

    /// <summary>What a token begins.</summary>
    private TransformNode Begin(Token token) => (token.Kind, token.Text) switch
    {
        (TokenKind.Literal, _) => new LiteralNode(token.Value),
        (TokenKind.Name, var name) => _tokens.Is("(") ? Call(token) : new FieldNode(name),
        (TokenKind.QuotedName, var name) => _tokens.Is("(") ? throw _tokens.Unexpected() : new FieldNode(name),
        (TokenKind.Sign, "@") => Itself,
        (TokenKind.Sign, "*") => new ValueProjectionNode(Itself, Projected(20)),
        (TokenKind.Sign, "[?") => Filter(Itself),
        (TokenKind.Sign, "[]") => new ListProjectionNode(new FlattenNode(Itself), Projected(9)),
        (TokenKind.Sign, "{") => Fields(),
        (TokenKind.Sign, "!") => new NotNode(Expression(Token.StrengthOfNot)),
        (TokenKind.Sign, "(") => Within(),
        (TokenKind.Sign, "[") when IsIndex() => Index(Itself),
        (TokenKind.Sign, "[") when _tokens.Is("*") && _tokens.IsNext("]") => EachItem(Itself),
        (TokenKind.Sign, "[") => Items(),
        _ => throw _tokens.Unexpected(token),
    };

    /// <summary>What a token makes of what stands before it.</summary>
    private TransformNode Continue(Token token, TransformNode left) => token.Text switch
    {
        "." when _tokens.Is("*") => AfterStar(left),
        "." => new ThenNode(left, AfterDot(40)),
        "|" => new ThenNode(left, Expression(1)),
        "||" => new OrNode(left, Expression(2)),
        "&&" => new AndNode(left, Expression(3)),
        "[]" => new ListProjectionNode(new FlattenNode(left), Projected(9)),
        "[?" => Filter(left),
        "[" => IsIndex() ? Index(left) : EachItem(left),
        "==" or "!=" or "<" or "<=" or ">" or ">=" => new CompareNode(token.Text, left, Expression(5)),
        _ => throw _tokens.Unexpected(token),
    };

    private ValueProjectionNode AfterStar(TransformNode left)
    {
        _tokens.Take("*");
        return new ValueProjectionNode(left, Projected(40));
    }

    private TransformNode AfterDot(int strength)
    {
        if (_tokens.Current.Kind is TokenKind.Name or TokenKind.QuotedName || _tokens.Is("*"))
        {
            return Expression(strength);
        }

        var token = _tokens.Take();
        return token switch
        {
            { Kind: TokenKind.Sign, Text: "[" } => Items(),
            { Kind: TokenKind.Sign, Text: "{" } => Fields(),
            _ => throw _tokens.Unexpected(token),
        };
    }

    /// <summary>What each item of a projection is put through.</summary>
    private TransformNode Projected(int strength)
    {
        if (_tokens.Current.Strength < EndsProjection)
        {
            return Itself;
        }

        if (_tokens.Is("[") || _tokens.Is("[?"))
        {
            return Expression(strength);
        }

        _tokens.Take(".");
        return AfterDot(strength);
    }

    private ListProjectionNode EachItem(TransformNode left)
    {
        _tokens.Take("*");
        _tokens.Take("]");
        return new ListProjectionNode(left, Projected(20));
    }

    private FilterNode Filter(TransformNode left)
    {
        var condition = Expression(0);
        _tokens.Take("]");
        return new FilterNode(left, condition, _tokens.Is("[]") ? Itself : Projected(21));
    }

    private bool IsIndex() => _tokens.Current.Kind == TokenKind.Number || _tokens.Is(":");

    private TransformNode Index(TransformNode left)
    {
        int?[] parts = [null, null, null];
        var part = 0;
        while (!_tokens.Is("]"))
        {
            if (_tokens.Current.Kind == TokenKind.Number)
            {
                parts[part] = parts[part] is null ? TokenReader.NumberOf(_tokens.Take()) : throw _tokens.Unexpected();
                continue;
            }

            _tokens.Take(":");
            if (++part == parts.Length)
            {
                throw _tokens.Unexpected();
            }
        }

        var end = _tokens.Take("]");
        if (part == 0)
        {
            return new ThenNode(left, new IndexNode(parts[0] ?? throw _tokens.Unexpected(end)));
        }

        return parts[2] == 0
            ? throw _tokens.ErrorAt(end.At, "the step of a slice must not be 0")
            : new ListProjectionNode(
                new ThenNode(left, new SliceNode(parts[0], parts[1], parts[2] ?? 1)), Projected(20));
    }

    private TransformNode Within()
    {
        var node = Expression(0);
        _tokens.Take(")");
        return node;
    }

    private ListNode Items()
    {
        List<TransformNode> items = [Expression(0)];
        while (_tokens.Is(","))
        {
            _tokens.Take(",");
            items.Add(Expression(0));
        }

        _tokens.Take("]");
        return new ListNode(items);
    }

    private ObjectNode Fields()
    {
        List<KeyValuePair<string, TransformNode>> fields = [];
        do
        {
            if (fields.Count > 0)
            {
                _tokens.Take(",");
            }

            var name = _tokens.Take();
            if (name.Kind is not (TokenKind.Name or TokenKind.QuotedName))
            {
                throw _tokens.Unexpected(name);
            }

            _tokens.Take(":");
            fields.Add(new(name.Text, Expression(0)));
        }
        while (_tokens.Is(","));
        _tokens.Take("}");
        return new ObjectNode(fields);
    }

    private CallNode Call(Token name)
    {
        if (TransformFunctions.Find(name.Text) is not { } function)
        {
            throw _tokens.ErrorAt(name.At, $"there is no function {name.Text}");
        }

        _tokens.Take("(");
        List<TransformNode> arguments = [];
        while (!_tokens.Is(")"))
        {
            if (arguments.Count > 0)
            {
                _tokens.Take(",");
            }

            arguments.Add(Argument());
        }

        _tokens.Take(")");
        return function.ProblemWith(arguments) is { } problem
            ? throw _tokens.ErrorAt(name.At, problem)
            : new CallNode(function, arguments);
    }

    private TransformNode Argument()
    {
        if (!_tokens.Is("&"))
        {
            return Expression(0);
        }

        _tokens.Take("&");
        return new ExpressionNode(Expression(0));
    }

    private TransformException TooDeep() =>
        _tokens.ErrorAt(_tokens.Current.At, $"it nests more than {MostLevels} levels");
}
