using System.Diagnostics;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Gateway.Tests.Processes;

/// <summary>Flags of the real program that cannot be used.</summary>
public sealed class StartTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-start-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--urls", "localhost:8080")]
    [InlineData("--urls", ":99999")]
    [InlineData("--urls", "http://127.0.0.1:99999")]
    [InlineData("--urls", "http://203.0.113.7:8080")]
    [InlineData("--urls", "ftp://127.0.0.1:8080")]
    [InlineData("--urls", "http://127.0.0.1:0/path")]
    [InlineData("--urls", "")]
    [InlineData("--data", "/dev/null/x")]
    [InlineData("--data", "")]
    [InlineData("--data", " ")]
    public async Task A_flag_that_cannot_be_used_is_one_line_that_names_it_and_nothing_is_written(string flag, string value)
    {
        var data = Path.Combine(_folder, "data");
        string[] more = flag == "--data" ? ["--urls", "http://127.0.0.1:0"] : ["--data", data];
        using var program = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "tokenactors.dll"), flag, value, .. more])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = _folder,
        }) ?? throw new InvalidOperationException("the program was not started");
        using var patience = new CancellationTokenSource(Patience);
        var said = await program.StandardError.ReadToEndAsync(patience.Token);
        await program.WaitForExitAsync(patience.Token);
        Assert.Equal(ExitCodes.Failed, program.ExitCode);
        var line = Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"TokenActors cannot start. {flag} '{value.Trim()}", line);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_data_directory_that_others_can_write_is_one_line_that_says_what_to_run()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherWrite);
        using var program = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "tokenactors.dll"), "--urls", "http://127.0.0.1:0", "--data", _folder])
        {
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("the program was not started");
        using var patience = new CancellationTokenSource(Patience);
        var said = await program.StandardError.ReadToEndAsync(patience.Token);
        await program.WaitForExitAsync(patience.Token);
        Assert.Equal(ExitCodes.Failed, program.ExitCode);
        Assert.Contains(
            $"Run: chmod go-w {_folder}", Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }
}
