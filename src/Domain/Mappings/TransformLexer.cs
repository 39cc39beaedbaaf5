using System.Globalization;
using System.Text.Json;

namespace TokenActors.Domain.Mappings;

internal enum TokenKind
{
    End,
    Name,
    QuotedName,
    Literal,
    Number,

    /// <summary>Any sign; its text says which.</summary>
    Sign,
}

/// <param name="Kind">what it is</param>
/// <param name="Text">of a name, number or sign</param>
/// <param name="At">where it begins, counted from 0</param>
/// <param name="Value">of a literal</param>
internal sealed record Token(TokenKind Kind, string Text, int At, object? Value = null)
{
    /// <summary>Less than that of a dot, so that <c>!a.b</c> is the contrary of <c>a.b</c>.</summary>
    public const int StrengthOfNot = 39;

    /// <summary>How strongly it binds what stands before it; 0 where it cannot go on with that.</summary>
    public int Strength => Kind != TokenKind.Sign ? 0 : Text switch
    {
        "|" => 1,
        "||" => 2,
        "&&" => 3,
        "==" or "!=" or "<" or "<=" or ">" or ">=" => 5,
        "[]" => 9,
        "*" => 20,
        "[?" => 21,
        "." => 40,
        "!" => StrengthOfNot,
        "{" => 50,
        "[" => 55,
        "(" => 60,
        _ => 0,
    };
}

/// <summary>Cuts the text of a transform into tokens.</summary>
internal sealed class TransformLexer(string text)
{
    private const string Single = ".*@,:(){}]&!<>|[";

    /// <summary>Longest first.</summary>
    private static readonly string[] Double = ["[?", "[]", "||", "&&", "==", "!=", "<=", ">="];

    private int _at;

    /// <exception cref="TransformException">some character begins nothing; the message says where</exception>
    public List<Token> ReadAll()
    {
        List<Token> tokens = [];
        while (SkipSpace())
        {
            tokens.Add(Next());
        }

        tokens.Add(new Token(TokenKind.End, "the end", text.Length));
        return tokens;
    }

    private bool SkipSpace()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t' or '\r' or '\n')
        {
            _at++;
        }

        return _at < text.Length;
    }

    private Token Next()
    {
        var start = _at;
        var first = text[start];
        if (char.IsAsciiLetter(first) || first == '_')
        {
            return new Token(TokenKind.Name, While(c => char.IsAsciiLetterOrDigit(c) || c == '_'), start);
        }

        if (char.IsAsciiDigit(first) || first == '-')
        {
            _at++;
            var digits = first + While(char.IsAsciiDigit);
            return int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
                ? new Token(TokenKind.Number, digits, start)
                : throw TokenReader.ErrorAt(text, start, $"{digits} is no number that an index can be");
        }

        return first switch
        {
            '"' => new Token(TokenKind.QuotedName, NameOf(Quoted('"'), start), start),
            '\'' => new Token(
                TokenKind.Literal, "a literal", start, Quoted('\'').Replace(@"\'", "'", StringComparison.Ordinal)),
            '`' => new Token(TokenKind.Literal, "a literal", start, LiteralOf(Quoted('`'), start)),
            _ => Sign(start),
        };
    }

    private Token Sign(int start)
    {
        foreach (var sign in Double)
        {
            if (string.CompareOrdinal(text, start, sign, 0, sign.Length) == 0)
            {
                _at += sign.Length;
                return new Token(TokenKind.Sign, sign, start);
            }
        }

        _at++;
        return Single.Contains(text[start], StringComparison.Ordinal)
            ? new Token(TokenKind.Sign, text[start].ToString(), start)
            : throw TokenReader.ErrorAt(text, start, $"'{text[start]}' is not expected");
    }

    private string While(Func<char, bool> belongs)
    {
        var start = _at;
        while (_at < text.Length && belongs(text[_at]))
        {
            _at++;
        }

        return text[start.._at];
    }

    /// <summary>What stands between two marks, of which one behind a backslash is none.</summary>
    private string Quoted(char mark)
    {
        var start = _at++;
        while (_at < text.Length && text[_at] != mark)
        {
            _at += text[_at] == '\\' ? 2 : 1;
        }

        if (_at >= text.Length)
        {
            throw TokenReader.ErrorAt(text, start, $"what begins with {mark} does not end");
        }

        return text[(start + 1).._at++];
    }

    private string NameOf(string quoted, int start) => Parse($"\"{quoted}\"", start) is string name
        ? name
        : throw TokenReader.ErrorAt(text, start, "is no name");

    private object? LiteralOf(string quoted, int start) =>
        Parse(quoted.Replace(@"\`", "`", StringComparison.Ordinal), start);

    private object? Parse(string json, int start)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return JsonValues.Of(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or TransformException or InvalidOperationException)
        {
            throw TokenReader.ErrorAt(text, start, "is no JSON");
        }
    }
}
