namespace TokenActors.Cli.Foundation;

/// <summary>Stdout. It tells a reader who has left from other faults, such as a disk that is full.</summary>
/// <param name="inner">what is written to</param>
internal sealed class GuardedStream(Stream inner) : Stream
{
    /// <summary>EPIPE, and what Windows has for it: ERROR_BROKEN_PIPE and ERROR_NO_DATA.</summary>
    private static readonly int[] ReaderLeft = [32, unchecked((int)0x8007006D), unchecked((int)0x800700E8)];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => Guard(inner.Flush);

    public override void Write(byte[] buffer, int offset, int count) => Guard(() => inner.Write(buffer, offset, count));

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (IOException e) when (ReaderLeft.Contains(e.HResult))
        {
            throw new OutputClosedException(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The second: stdout is closed.
            throw new OutputFailedException(e);
        }
    }
}

/// <summary>Whoever read stdout has left.</summary>
/// <param name="inner">what the write came to</param>
internal sealed class OutputClosedException(IOException inner) : IOException(inner.Message, inner);

/// <summary>Stdout takes nothing, though nobody has left.</summary>
/// <param name="inner">what the write came to</param>
internal sealed class OutputFailedException(Exception inner) : IOException(
    $"stdout cannot be written: {inner.Message}", inner);
