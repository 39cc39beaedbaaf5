using System.Buffers;
using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Imports;

namespace TokenActors.Gateway.Lifecycle.Imports;

/// <summary>
/// The lines of a body, read and checked before anything is written: what is wrong is told with line and pointer, the
/// first hundred of it.
/// </summary>
/// <param name="reader">reads one line</param>
internal sealed class ImportFile(ImportLineReader reader)
{
    public const int MostLines = 200_000;

    private const int MostErrors = 100;
    private const int LongestLine = 64 * 1024;

    private readonly Dictionary<(Guid Scheme, SecretFingerprint Key), int> _keys = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Lines that are as they should be.</summary>
    public List<ImportLine> Lines { get; } = [];

    /// <summary>What is wrong; no more is looked for once there are a hundred.</summary>
    public List<RequestError> Errors { get; } = [];

    /// <summary>A line asks for more than the bearer has.</summary>
    public bool IsBeyondGrant { get; private set; }

    /// <summary>Reads a body. A line's number is its place, so that none is empty but at the end.</summary>
    public void Read(ReadOnlyMemory<byte> body)
    {
        for (var number = 1; !body.IsEmpty && Errors.Count < MostErrors; number++)
        {
            var end = body.Span.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            if (!line.Span.IsBlank())
            {
                Read(line, number);
            }
            else if (body.Span.IsBlank())
            {
                // Asked again at each of many empty lines, that would take a minute.
                break;
            }
            else
            {
                Add(number, new RequestError("", "body", "is empty"));
            }
        }

        if (Lines.Count == 0 && Errors.Count == 0)
        {
            Errors.Add(new RequestError("", "body", "has no line"));
        }
    }

    private void Read(ReadOnlyMemory<byte> text, int number)
    {
        if (Lines.Count == MostLines)
        {
            Add(number, new RequestError(
                "", "body", $"there are more than {MostLines} lines; import them in several calls"));
            return;
        }

        if (text.Length > LongestLine)
        {
            Add(number, new RequestError("", "body", $"is longer than {LongestLine / 1024} KiB"));
            return;
        }

        if (!RequestBody.TryParse(text.ToArray(), out var fields, out var error))
        {
            Add(number, error);
            return;
        }

        var line = reader.Read(fields, number);
        IsBeyondGrant |= line is null && reader.IsBeyondGrant;
        foreach (var wrong in fields.Errors.Take(MostErrors - Errors.Count))
        {
            Add(number, wrong);
        }

        if (line is not null && IsNew(line))
        {
            Lines.Add(line);
        }
    }

    /// <summary>No key and no name is twice in a file.</summary>
    private bool IsNew(ImportLine line)
    {
        if (!_keys.TryAdd((line.Scheme, line.Fingerprint), line.Number))
        {
            Add(line.Number, new RequestError(
                "/sha256", "body", $"is that of line {_keys[(line.Scheme, line.Fingerprint)]}, too"));
            return false;
        }

        if (line.Name is { } name && !_names.TryAdd(name, line.Number))
        {
            Add(line.Number, new RequestError("/name", "body", $"is that of line {_names[name]}, too"));
            return false;
        }

        return true;
    }

    private void Add(int number, RequestError error) =>
        Errors.Add(error with { Message = $"line {number}: {error.Message}", Value = null });
}

internal static class LineBytes
{
    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n"u8);

    /// <summary>Nothing but blanks and ends of lines.</summary>
    public static bool IsBlank(this ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(Blanks) < 0;
}
