using System.Diagnostics;
using TokenActors.Cli;
using TokenActors.Cli.Foundation;

namespace TokenActors.Client.Tests.Cli;

/// <summary>What a run of <c>ta</c> came to.</summary>
public sealed record TaResult(int Code, string Output, string Errors)
{
    public TaResult Is(int code)
    {
        Assert.True(Code == code, $"expected {code}, was {Code}\n{Output}\n{Errors}");
        return this;
    }
}

/// <summary>Runs <c>ta</c> with a home of its own.</summary>
public sealed class Ta : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("tokenactors-ta-").FullName;

    public Ta(Uri? service, string? token = null)
    {
        Environment = new(StringComparer.Ordinal)
        {
            ["HOME"] = _home, ["TOKENACTORS_URL"] = service?.AbsoluteUri, ["TOKENACTORS_TOKEN"] = token,
        };
    }

    public Dictionary<string, string?> Environment { get; }

    /// <summary>The clock of the machine that it runs on.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string PathOf(string name) => Path.Combine(_home, name);

    /// <summary>In this process.</summary>
    /// <param name="arguments">of the command line</param>
    /// <param name="input">on stdin</param>
    /// <param name="isInteractive">a person seems to sit there, who says yes on the command line</param>
    public async Task<TaResult> Run(string[] arguments, string input = "", bool isInteractive = false)
    {
        var (output, errors) = (new MemoryStream(), new StringWriter());
        var terminal = new Terminal(
            new StringReader(input), output, errors, name => Environment.GetValueOrDefault(name), isInteractive);
        var code = await CommandLine.Run(arguments, terminal, Time);
        return new(code, System.Text.Encoding.UTF8.GetString(output.ToArray()), errors.ToString());
    }

    /// <summary>The words of a line, with blanks between.</summary>
    public Task<TaResult> Run(string line, bool isInteractive = false) =>
        Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), isInteractive: isInteractive);

    /// <summary>The real program.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ta.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("ta does not start");
    }

    public async Task<TaResult> Finish(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(deadline.Token);
        return new(process.ExitCode, await output, await errors);
    }

    public static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);
}
