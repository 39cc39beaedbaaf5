using System.Security.Cryptography;

namespace TokenActors.Cluster.Tests;

/// <summary>The operator's commands as processes, on a SQLite database that nobody serves.</summary>
public sealed class OperatorTests : IDisposable
{
    /// <summary>Where nothing is linked yet, there is none, and this one is said to be cut off.</summary>
    private const string NoAnchor = "7:abcd";

    private readonly LoneService _service = new();
    private readonly string _folder;
    private readonly List<(string Id, string Key)> _ring;

    public OperatorTests() => (_folder, _ring) = (_service.Folder, _service.Ring);

    private string File => _service.Database;

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_command_that_reads_changes_nothing_whatever_ring_it_is_given()
    {
        var (code, output) = await Operate("--migrate", "--dry-run");
        Assert.True(code == 0, output);
        Assert.False(System.IO.File.Exists(File), "a dry run made the database");
        (code, output) = await Operate("--migrate", "--bootstrap-out", Path.Combine(_folder, "out"));
        Assert.True(code == 0, output);

        _ring.Insert(0, LoneService.NewPepper("p2"));
        string[][] readings =
        [
            ["verify-audit"], ["verify-audit", "--dry-run"], ["check-database"], ["finish-upgrade", "--dry-run"], ["audit-secrets"], ["pepper", "list"], ["pepper", "retire", "p1", "--dry-run"],
            ["reset-administrator", "--dry-run", "--out", _folder], ["disable-organization", "root", "--dry-run"],
            ["--migrate", "--dry-run"],
        ];
        var before = await Content();
        foreach (var reading in readings)
        {
            (code, output) = await Operate(reading);
            Assert.True(code == 0 || reading[0] == "pepper", $"{string.Join(' ', reading)}: {output}");
            Assert.Equal(before, await Content());
        }

        // What writes needs a ring that silos know, and does not announce its own.
        (code, output) = await Operate("disable-organization", "root");
        Assert.Equal(1, code);
        Assert.Contains("'p2' is not known to the database", output);
        _ring.Reverse();
        (code, output) = await Operate("disable-organization", "root");
        Assert.True(code == 0, output);
        _ring.RemoveAt(1);
        (code, output) = await Operate("enable-organization", "root");
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task A_token_is_shown_as_it_is_stored_without_a_secret()
    {
        var (code, output) = await Operate("--migrate", "--bootstrap-out", _folder);
        Assert.True(code == 0, output);
        var id = await BootstrapToken(Path.Combine(_folder, "bootstrap.json"));
        (code, output) = await Operate("show-token", id);
        Assert.True(code == 0, output);
        using var shown = System.Text.Json.JsonDocument.Parse(output);
        Assert.Equal(id, shown.RootElement.GetProperty("state").GetProperty("id").GetString());
        Assert.Equal("p1", shown.RootElement.GetProperty("state").GetProperty("primary").GetProperty("access").GetProperty("digest").GetProperty("pepper_id").GetString());
        Assert.True(shown.RootElement.GetProperty("hot_bytes").GetInt32() > 0);
        Assert.DoesNotContain("ta_org_", output, StringComparison.Ordinal);
        await Sql($"UPDATE records SET version = version + 1 WHERE id = '{id}'");
        (code, output) = await Operate("show-token", id);
        Assert.Equal(1, code);
        Assert.StartsWith("Failed. The row cannot be read: the hot part of token", output, StringComparison.Ordinal);
        foreach (var unknown in new[] { Guid.NewGuid().ToString(), "no-id" })
        {
            (code, output) = await Operate("show-token", unknown);
            Assert.Equal((1, $"Failed. There is no token '{unknown}'."), (code, output.Trim()));
        }

        // The log of a pod keeps what is said.
        using var bootstrap = System.Text.Json.JsonDocument.Parse(await System.IO.File.ReadAllTextAsync(Path.Combine(_folder, "bootstrap.json")));
        var secret = bootstrap.RootElement.GetProperty("access_secret").GetString()!;
        (code, output) = await Operate("show-token", secret);
        Assert.Equal((1, false), (code, output.Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_upgrade_that_is_finished_keeps_older_programs_out_and_divides_rows()
    {
        var (code, output) = await Operate("--migrate", "--bootstrap-out", _folder);
        Assert.True(code == 0, output);
        await Sql("UPDATE schema_versions SET oldest_program = 1");
        Assert.False(await IsDividedAfterReset());
        (code, output) = await Operate("finish-upgrade", "--dry-run");
        Assert.Equal(
            (0, "Would keep programs older than schema 19 from starting on the database."), (code, output.Trim()));
        Assert.Equal("1", await Sql("SELECT MAX(oldest_program) FROM schema_versions"));
        (code, output) = await Operate("finish-upgrade");
        Assert.True(code == 0 && output.Contains("No program older than schema 19 starts on the database any more.", StringComparison.Ordinal), output);
        Assert.Equal("19", await Sql("SELECT MAX(oldest_program) FROM schema_versions"));
        (code, output) = await Operate("finish-upgrade");
        Assert.True(code == 0 && output.Contains("already; nothing was written", StringComparison.Ordinal), output);
        Assert.True(await IsDividedAfterReset());
    }

    private async Task<bool> IsDividedAfterReset()
    {
        var (code, output) = await Operate("reset-administrator", "--out", _folder);
        Assert.True(code == 0, output);
        (code, output) = await Operate("show-token", await BootstrapToken(Path.Combine(_folder, "bootstrap.json")));
        Assert.True(code == 0 && output.Contains("\"last_four\"", StringComparison.Ordinal), output);
        return output.Contains("\"hot_bytes\"", StringComparison.Ordinal);
    }

    private static async Task<string> BootstrapToken(string file)
    {
        using var credentials = System.Text.Json.JsonDocument.Parse(await System.IO.File.ReadAllTextAsync(file));
        return credentials.RootElement.GetProperty("refresh_token_id").GetString()!;
    }

    /// <summary>
    /// Every command of the run-books, in their order, on a database that nobody serves. What stands in brackets may be
    /// left out.
    /// </summary>
    [Fact]
    public async Task The_commands_of_the_documents_do_what_they_say()
    {
        Dictionary<string, string> meant = new()
        {
            ["PATH"] = Path.Combine(_folder, "audit.ndjson"), ["DIR"] = _folder, ["ID|NAME"] = "root", ["NAME"] = "administrator",
            ["/out/"] = Directory.CreateDirectory(Path.Combine(_folder, "pod")).FullName + "/", ["ANCHOR"] = NoAnchor,
        };
        await System.IO.File.WriteAllTextAsync(meant["PATH"], "");
        var commands = DocumentedCommands.In("docs/operations.md").Concat(DocumentedCommands.In("docs/kubernetes.md")).ToList();
        Assert.True(commands.Count >= 9, $"{commands.Count} commands were found");
        foreach (var words in commands.SelectMany(command => DocumentedCommands.Forms(command, meant)))
        {
            var (code, output) = await Operate(words);
            Assert.True(code == (words.Contains(NoAnchor) ? 1 : 0), $"{string.Join(' ', words)}: {output}");
            if (!meant.ContainsKey("TOKEN")
                && Directory.GetFiles(_folder, "bootstrap.json", SearchOption.AllDirectories) is [var file, ..])
            {
                meant["TOKEN"] = await BootstrapToken(file);
            }

            if (output.Split("Anchor: ") is [_, var anchor])
            {
                meant["ANCHOR"] = anchor.Split('\n')[0];
            }
        }
    }

    [Fact]
    public async Task An_anchor_goes_on_from_where_the_last_verification_ended()
    {
        var (code, output) = await Operate("--migrate", "--bootstrap-out", Path.Combine(_folder, "out"));
        Assert.True(code == 0, output);
        (code, output) = await Operate("verify-audit");
        Assert.True(code == 0, output);
        Assert.Contains("The audit trail is whole", output);
        (code, output) = await Operate("verify-audit", "--since", "7:abcd");
        Assert.Equal(1, code);
        Assert.Contains("cut off", output);
        (code, output) = await Operate("verify-audit", "--since", "nonsense");
        Assert.Equal(2, code);
        Assert.Contains("is not an anchor", output);
    }

    [Fact]
    public async Task The_data_directory_is_spelled_as_in_the_other_program_and_a_dry_run_of_nothing_is_not_understood()
    {
        var (code, output) = await Operate("--dry-run");
        Assert.True(code == 2, output);
        Assert.Contains("go with --migrate", output);
        (code, output) = await Operate("--data", _folder, "--migrate");
        Assert.True(code == 0, output);
        (code, output) = await Operate("check-database", $"--data={_folder}");
        Assert.True(code == 0, output);
    }

    /// <summary>The ring of a single process is the file of its data directory, as settings are another's.</summary>
    [Fact]
    public async Task The_pepper_of_a_single_process_is_in_use_and_neither_retired_nor_forgotten()
    {
        _ring.Clear();
        var (code, output) = await Operate(
            "--migrate", "--data", _folder, "--bootstrap-out", Path.Combine(_folder, "out"));
        Assert.True(code == 0, output);
        var pepper = (await System.IO.File.ReadAllTextAsync(Path.Combine(_folder, "pepper"))).Trim();
        var id = pepper[..pepper.IndexOf(':')];
        (code, output) = await Operate("pepper", "list", "--data", _folder);
        Assert.True(code == 0 && output.Contains($"Pepper {id}: in use", StringComparison.Ordinal), output);
        foreach (string[] way in new string[][] { [], ["--force"], ["--dry-run"] })
        {
            (code, output) = await Operate(["pepper", "retire", id, "--data", _folder, .. way]);
            Assert.True(code == 1 && output.Contains("is the first of the ring", StringComparison.Ordinal), output);
        }

        var added = Path.Combine(_folder, "added");
        (code, output) = await Operate("pepper", "add", "--out", added, "--data", _folder);
        Assert.True(code == 0, output);
        var lines = await System.IO.File.ReadAllLinesAsync(added);
        Assert.Equal($"TokenActors__Secrets__Peppers__0__Id={id}", lines[0]);
        Assert.Equal($"TokenActors__Secrets__Peppers__0__Key={pepper[(id.Length + 1)..]}", lines[1]);
        Assert.StartsWith("TokenActors__Secrets__Peppers__1__Id=", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retired_pepper_is_kept_in_the_database_and_what_a_forgotten_one_takes_along_is_said()
    {
        var (code, output) = await Operate("--migrate", "--bootstrap-out", Path.Combine(_folder, "out"));
        Assert.True(code == 0, output);
        _ring.Insert(0, LoneService.NewPepper("p2"));
        (code, output) = await Operate("pepper", "retire", "p1");
        Assert.Equal(1, code);
        Assert.Contains("'p2' is not known to the database", output);

        // What a silo's start does: the embedded program announces its ring.
        _ring.Reverse();
        await _service.Serve(_ => Task.CompletedTask);
        (code, output) = await Operate("pepper", "retire", "p1");
        Assert.True(code == 1 && output.Contains("is the first of the ring"), output);

        // Before it was ever first: whoever takes it for the other would be told to take it out of the settings.
        (code, output) = await Operate("pepper", "retire", "p2");
        Assert.True(code == 0 && output.Contains("Nothing is stored under pepper 'p2'. Put it first"), output);
        _ring.Reverse();
        (code, output) = await Operate("pepper", "list");
        Assert.True(code == 0, output);
        Assert.Contains("Pepper p1: in the ring", output);
        Assert.Contains("token: 1 records", output);
        (code, output) = await Operate("pepper", "retire", "p1");
        Assert.True(code == 0, output);
        Assert.Contains("keeps its key, sealed under p2", output);
        _ring.RemoveAt(1);
        (code, output) = await Operate("disable-organization", "root");
        Assert.True(code == 0, output);
        (code, output) = await Operate("verify-audit");
        Assert.True(code == 0, output);
        (code, output) = await Operate("pepper", "retire", "p1", "--force");
        Assert.True(code == 0, output);
        Assert.Contains("1 members cannot log on", output);
        (code, output) = await Operate("pepper", "list");
        Assert.DoesNotContain("p1", output);
    }

    private Task<(int Code, string Output)> Operate(params string[] arguments) => _service.Operate(arguments);

    private Task<string?> Sql(string text) => _service.Sql(text);

    private async Task<string> Content() =>
        Convert.ToHexString(SHA256.HashData(await System.IO.File.ReadAllBytesAsync(File)));
}
