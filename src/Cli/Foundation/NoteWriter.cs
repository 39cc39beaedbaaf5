using System.Text;

namespace TokenActors.Cli.Foundation;

/// <summary>Stderr. What cannot be said there, as on a full disk, is no fault of what was done.</summary>
/// <param name="inner">what is written to</param>
internal sealed class NoteWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is no other place to say it.
        }
    }
}
