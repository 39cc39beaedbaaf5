using System.CommandLine;
using System.Reflection;
using System.Text;
using TokenActors.Cli;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;

namespace TokenActors.Client.Tests.Cli;

/// <summary><c>docs/cli.md</c> is made of the commands; <c>TOKENACTORS_UPDATE=1</c> makes it anew.</summary>
public sealed class ReferenceTests
{
    private const string Intro = """
        # The command line

        <!-- Made of the commands by ReferenceTests: TOKENACTORS_UPDATE=1 makes it anew. -->

        `ta` is a .NET tool: `dotnet tool install --global TokenActors.Cli`, or from this repository `dotnet run --project src/Cli --`.

        ```sh
        ta auth login --url https://tokens.example.com --organization acme --name anna@example.com
        ta token list --filter 'state[eq]active' --order 'expires_at[asc]'
        ta token create deploy --permission-set viewer --life 12h -o secret
        ta token revoke --filter 'labels[eq]ci' --dry-run
        ta run -- ./deploy.sh
        ```

        **Where and who.** Profiles lie in `~/.config/tokenactors/config.yaml`, their secrets in files beside it, all readable by their owner alone.
        `--profile`, `--url` come before `TOKENACTORS_PROFILE`, `TOKENACTORS_URL` and `TOKENACTORS_TOKEN`, and these before the profile. A secret is never an
        argument: it comes from stdin, from a prompt, or from the profile's credential helper, a command that prints it.

        **Output.** Data is on stdout, everything else on stderr. `-o json` and `yaml` are what the service says, `name` is what other commands take, `secret` is the
        new access secret alone. Times are UTC; one that is given is a span such as `7d`, or RFC 3339 with its zone. Without a terminal, and with `NO_COLOR`, there is no colour; a state is always a word.

        **Changes.** `--dry-run` asks the service what would happen. What takes something away asks first, or takes `--yes`.
        `ta token revoke --filter … --dry-run` makes a plan, and `--plan` starts exactly that; the filter again would choose tokens that were made since.

        | exit code | |
        | --- | --- |
        | 0 | done |
        | 1 | failed, as where the service cannot be reached, or stdout cannot be written |
        | 2 | the command line is wrong, or nobody can be asked |
        | 3 | not found |
        | 4 | not signed in |
        | 5 | refused |
        | 6 | nobody knows whether it was done; it is safe to repeat under the key that is printed |
        | 7 | partly done |
        | 130 | Ctrl-C |

        `ta run` ends as its command ends, and passes SIGTERM and SIGHUP on to it. A change whose new secret could not be written says the key under which the service gives it again, for ten minutes. To repeat a change under a key,
        name its token by the id: once it is done, the name may find nothing, and the secret that asked may be over.

        ## The agent

        `ta agent run` keeps one credential fresh. It refreshes at two thirds of the life of the access secret. The key of a refresh is stored before the call, both new
        secrets are stored and flushed before the consumer sees the new one, and the command of `--on-change` runs after that, at least once: a kill at any moment is made
        good by the next start. The command has half of the time until the next refresh, five minutes at most, and is killed then; one that fails is run again. What the consumer has is looked at, at the start and each minute: where it is another thing, or gone, it is delivered again; a disk that is full or away for a while is waited for. A lock beside the state, or a Lease, admits one agent a credential; the next one waits. `deploy/agent` has a sample for Kubernetes, where
        state and credential are Secrets and the state's resource version is the guard.

        `--seed` is the pair to begin with. The same seed again changes nothing; a newer one replaces the state, and one that was taken before does not. No refresh moves a session past 30 days and a token of
        an organization past 365: the agent warns when 80 % of that are over.

        ## Listening

        `ta webhook listen --forward-to http://localhost:3000/hook` posts what happens to a program that the service cannot reach. It reads the audit trail each second,
        so it needs `audit:list` and no endpoint, and goes on where the service was away for a while. Types are those that webhooks send, signed under a secret that is
        printed at the start; without `--type` all but `token.refreshed`. Its `data` has `id`, `kind`, `version`, the organization, the account, the integration and the
        actor, and not a name, an end or a parent, which the trail does not say. What the service does without a call is not in the trail that it reads:
        `token.expiring`, `token.expired`, `token.limit_reached`, and the end of what hung on something that was deleted.
        """;

    [Fact]
    public void The_reference_is_what_the_commands_say()
    {
        var root = typeof(ReferenceTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;
        var file = Path.Combine(root, "docs/cli.md");
        using var terminal = new Terminal(TextReader.Null, Stream.Null, TextWriter.Null, _ => null);
        var host = new CommandHost(terminal, _ => throw new InvalidOperationException(), TimeProvider.System);
        var text = new StringBuilder(Intro).Append("\n\n## Commands\n\nEvery command takes:\n\n");
        var commands = CommandLine.Of(host);
        Options(text, commands.Options.Where(option => option.Recursive && option.Name.StartsWith("--", StringComparison.Ordinal) && option.Name != "--help"));
        foreach (var command in commands.Subcommands)
        {
            Write(text, "ta", command);
        }

        if (Environment.GetEnvironmentVariable("TOKENACTORS_UPDATE") == "1")
        {
            File.WriteAllText(file, text.ToString());
        }

        Assert.Equal(File.ReadAllText(file), text.ToString());
    }

    private static void Write(StringBuilder text, string above, Command command)
    {
        var name = $"{above} {command.Name}";
        if (command.Subcommands.Count > 0)
        {
            text.Append($"\n### `{name}`: {command.Description}\n");
            foreach (var below in command.Subcommands)
            {
                Write(text, name, below);
            }

            return;
        }

        var arguments = string.Concat(command.Arguments.Select(argument =>
            argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.Name}]" : $" <{argument.Name}>"));
        text.Append($"\n**`{name}{arguments}`** {command.Description}\n\n");
        foreach (var argument in command.Arguments)
        {
            text.Append($"- `{argument.Name}`: {argument.Description}\n");
        }

        Options(text, command.Options);
    }

    private static void Options(StringBuilder text, IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            var names = string.Join(", ", option.Aliases.Order().Append(option.Name).Select(name => $"`{name}`"));
            text.Append($"- {names}{(option.HelpName is { } value ? $" *{value}*" : "")}: {option.Description}\n");
        }
    }
}
