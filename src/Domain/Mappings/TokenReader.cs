using System.Globalization;

namespace TokenActors.Domain.Mappings;

/// <summary>The tokens of a transform, read one after the other.</summary>
internal sealed class TokenReader(string text)
{
    private readonly List<Token> _tokens = new TransformLexer(text).ReadAll();
    private int _next;

    public Token Current => _tokens[_next];

    public bool Is(string sign) => IsSign(Current, sign);

    /// <summary>Whether a sign stands behind the current token, which is not the end.</summary>
    public bool IsNext(string sign) => IsSign(_tokens[_next + 1], sign);

    public Token Take() => Current.Kind == TokenKind.End ? throw Unexpected() : _tokens[_next++];

    public Token Take(string sign) => Is(sign)
        ? _tokens[_next++]
        : throw ErrorAt(Current.At, $"{sign} is expected in place of {Current.Text}");

    public TransformException Unexpected(Token? token = null) =>
        ErrorAt((token ?? Current).At, $"{(token ?? Current).Text} is not expected");

    public TransformException ErrorAt(int at, string message) => ErrorAt(text, at, message);

    public static TransformException ErrorAt(string text, int at, string message)
    {
        var before = text.AsSpan(0, at);
        var line = before.Count('\n') + 1;
        var column = at - (before.LastIndexOf('\n') + 1) + 1;
        return new TransformException($"cannot be parsed at line {line}, character {column}: {message}");
    }

    public static int NumberOf(Token token) =>
        int.Parse(token.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static bool IsSign(Token token, string sign) => token.Kind == TokenKind.Sign && token.Text == sign;
}
