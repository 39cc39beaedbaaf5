using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace TokenActors.Bench;

/// <summary>One keep-alive connection with as little work as possible between requests, since client and server share the cores.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];

    public Connection(int port) => _socket.Connect("127.0.0.1", port);

    /// <summary>Sends one request and returns the status and the whole response.</summary>
    public (int Status, string Text) Send(byte[] request)
    {
        _socket.Send(request);
        var length = 0;
        while (true)
        {
            var read = _socket.Receive(_buffer.AsSpan(length));
            if (read == 0)
            {
                throw new IOException("the server closed the connection");
            }

            length += read;
            if (IsComplete(_buffer.AsSpan(0, length)))
            {
                var text = Encoding.UTF8.GetString(_buffer, 0, length);
                return (int.Parse(text.AsSpan(9, 3)), text);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    public static byte[] Request(string method, string path, string? authorization, string? body = null, string contentType = "application/json") =>
        Encoding.UTF8.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: localhost\r\n"
            + (authorization is null ? "" : $"Authorization: {authorization}\r\n")
            + (body is null ? "Content-Length: 0\r\n\r\n" : $"Content-Type: {contentType}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));

    private static bool IsComplete(ReadOnlySpan<byte> response)
    {
        var head = response.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        var headers = response[..head];
        var at = headers.IndexOf("Content-Length: "u8);
        if (at >= 0)
        {
            var digits = headers[(at + 16)..];
            var end = digits.IndexOf((byte)'\r');
            return response.Length >= head + 4 + int.Parse(end < 0 ? digits : digits[..end]);
        }

        return response.EndsWith("0\r\n\r\n"u8) || headers.IndexOf(" 204 "u8) > 0;
    }
}

/// <summary>Runs callers side by side for a time and counts what they finish.</summary>
internal static class Load
{
    public static async Task<double> PerSecond(int callers, TimeSpan duration, Func<int, Func<bool>, Task<long>> caller)
    {
        var started = Stopwatch.GetTimestamp();
        bool Running() => Stopwatch.GetElapsedTime(started) < duration;
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(i => Task.Run(() => caller(i, Running))));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>A connection and a thread for each caller: blocking calls cost the least of what client and server share.</summary>
    public static double Http(int port, int connections, TimeSpan duration, Action<int, Connection> call)
    {
        var counts = new long[connections];
        Exception? failure = null;
        var started = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, connections).Select(i => new Thread(() =>
        {
            try
            {
                using var connection = new Connection(port);
                while (failure is null && Stopwatch.GetElapsedTime(started) < duration)
                {
                    call(i, connection);
                    counts[i]++;
                }
            }
            catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
            {
                failure = e;
            }
        }, 256 * 1024)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return failure is null ? counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds : throw new InvalidOperationException("a caller failed", failure);
    }

    /// <summary>A number of calls once each, spread over connections with a blocking thread each.</summary>
    public static void Each(int port, int connections, int count, Action<int, Connection> call)
    {
        var next = -1;
        Exception? failure = null;
        var threads = Enumerable.Range(0, connections).Select(_ => new Thread(() =>
        {
            try
            {
                using var connection = new Connection(port);
                while (failure is null && Interlocked.Increment(ref next) is var i && i < count)
                {
                    call(i, connection);
                }
            }
            catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
            {
                failure = e;
            }
        }, 256 * 1024)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (failure is not null)
        {
            throw new InvalidOperationException("a caller failed", failure);
        }
    }

    /// <summary>
    /// The same request at a fixed rate, spread over the connections. A request that had to wait for the one before it counts from when it
    /// should have been sent, so that a stall is not forgotten.
    /// </summary>
    /// <returns>the times in microseconds, sorted</returns>
    public static double[] Latencies(int port, int connections, double perSecond, TimeSpan duration, Func<int, byte[]> request)
    {
        var requests = Enumerable.Range(0, connections).Select(request).ToArray();
        var times = Enumerable.Range(0, connections).Select(_ => new List<double>()).ToArray();
        var interval = TimeSpan.FromSeconds(connections / perSecond);
        var next = Enumerable.Range(0, connections).Select(i => interval * i / connections).ToArray();
        var started = Stopwatch.GetTimestamp();
        Http(port, connections, duration, (i, connection) =>
        {
            var due = next[i];
            next[i] += interval;
            var now = Stopwatch.GetElapsedTime(started);
            if (due > now)
            {
                Thread.Sleep(due - now);
                due = Stopwatch.GetElapsedTime(started);
            }

            connection.Send(requests[i]);
            times[i].Add((Stopwatch.GetElapsedTime(started) - due).TotalMicroseconds);
        });
        return [.. times.SelectMany(t => t).Order()];
    }

    /// <summary>The same request of each caller over and over.</summary>
    public static double Repeat(int port, int connections, TimeSpan duration, Func<int, byte[]> request)
    {
        var requests = Enumerable.Range(0, connections).Select(request).ToArray();
        return Http(port, connections, duration, (i, connection) =>
        {
            var (status, text) = connection.Send(requests[i]);
            if (status is < 200 or > 299)
            {
                throw new InvalidOperationException(text);
            }
        });
    }
}
