using TokenActors.Client.Tokens;

namespace TokenActors.Client.Tests.Cli;

/// <summary>What people type by mistake.</summary>
[Collection("service")]
public sealed class MistakeTests(RunningService service) : IDisposable
{
    private readonly Ta _ta = new(service.Url, service.Admin);

    public void Dispose() => _ta.Dispose();

    /// <summary>Lines of stderr are kept in the logs of build systems.</summary>
    [Theory]
    [InlineData("token show {0}")]
    [InlineData("token reset {0} --yes")]
    [InlineData("token revoke {0} nope --yes")]
    [InlineData("token list {0}")]
    [InlineData("token {0}")]
    [InlineData("token list --limit {0}")]
    [InlineData("token list --profile {0}")]
    [InlineData("audit verify {0}")]
    [InlineData("import-scheme delete {0} --yes")]
    public async Task A_secret_in_place_of_a_name_is_masked(string line)
    {
        var made = (await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer" }).Send()).Secrets!.Access.Reveal();
        var result = await _ta.Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, line, made));
        Assert.NotEqual(0, result.Code);
        Assert.DoesNotContain(made[8..], result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task A_secret_in_place_of_a_name_is_not_sent_and_its_token_is_named()
    {
        var made = await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer" }).Send();
        using var nowhere = new Ta(new Uri("http://127.0.0.1:1"), service.Admin);
        Assert.Contains(
            made.Id, (await nowhere.Run($"token show {made.Secrets!.Access.Reveal()}")).Is(2).Errors,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token list --limit abc", "--limit takes a whole number, not abc.")]
    [InlineData("token usage x --days 1.5", "--days takes a whole number, not 1.5.")]
    [InlineData("token list -o xml", "--output takes table, json, yaml, name or secret, not xml.")]
    [InlineData("agent run --format pem", "--format takes text, env or json, not pem.")]
    [InlineData("frob", "There is no command frob. See: ta --help")]
    [InlineData("account get x", "There is no command get. Do you mean show? See: ta account --help")]
    [InlineData("token rm x", "There is no command rm. Do you mean revoke?")]
    [InlineData("token move x 5m", "There is no command move. Do you mean move-deadline?")]
    [InlineData("account create --dryrun", "There is no option --dryrun. Do you mean --dry-run? See: ta account create --help")]
    [InlineData("token create --permission-set viewer --dryrun", "There is no option --dryrun. Do you mean --dry-run?")]
    [InlineData("token list -x", "There is no option -x. See")]
    [InlineData("account create acme --fullname --lable", "There is no option --lable.")]
    [InlineData("token revoke --yess", "There is no option --yess.")]
    [InlineData("account create --dryrun=true", "There is no option --dryrun. Do you mean --dry-run?")]
    [InlineData("token show x --secret=ta_something", "There is no option --secret. See")]
    [InlineData("run --profil x -- env", "There is no option --profil. Do you mean --profile?")]
    [InlineData("token frob", "There is no command frob.")]
    [InlineData("token edit x --label new --clear labels", "--label sets what --clear labels empties.")]
    [InlineData("token edit x --description d --clear description", "--description sets what --clear description empties.")]
    [InlineData("token edit x --clear name", "name cannot be cleared.")]
    [InlineData("token rotate x --deadline 99999999999d", "99999999999d is too long: at most 36500d.")]
    public async Task What_is_wrong_is_said_in_words_that_name_no_type(string line, string words) =>
        Assert.Contains(words, (await _ta.Run(line)).Is(2).Errors, StringComparison.Ordinal);

    [Theory]
    [InlineData("token create --permission-set viewer --description=-v_is_deprecated -o json", "-v_is_deprecated")]
    [InlineData("run -- sh -c true", "")]
    [InlineData("run sh -c true", "")]
    public async Task A_value_may_look_like_an_option(string line, string words) =>
        Assert.Contains(words, (await _ta.Run(line)).Is(0).Output, StringComparison.Ordinal);

    /// <summary>The service takes a whole object with them, and would say that it was done.</summary>
    [Theory]
    [InlineData("member edit anna --set expires=2020-01-01T00:00:00Z", "expires")]
    [InlineData("member edit anna --unset last_logon", "last_logon")]
    [InlineData("org edit --set state=disabled", "state")]
    [InlineData("account edit x --set created_at=2020-01-01T00:00:00Z", "created_at")]
    [InlineData("credential edit x y --set managed=Managed", "managed")]
    [InlineData("integration edit x y --set category=edr", "category")]
    public async Task What_the_service_alone_sets_is_not_said_to_be_changed(string line, string field)
    {
        using var nowhere = new Ta(new Uri("http://127.0.0.1:1"), service.Admin);
        Assert.Contains(
            $"{field} is set by the service alone.", (await nowhere.Run(line)).Is(2).Errors, StringComparison.Ordinal);
    }

    /// <summary>Nothing is asked, made or shown.</summary>
    [Theory]
    [InlineData("token list --fields id,nope", "There is no field nope. There are ")]
    [InlineData("token show root --fields primary.nope", "There is no field primary.nope.")]
    [InlineData("token create --permission-set viewer --fields nope -o json", "There is no field nope.")]
    [InlineData("member list --fields name,state.x -o yaml", null)]
    [InlineData("org show --fields id,nome", "There is no field nome.")]
    public async Task A_field_that_there_is_not_is_named(string line, string? words)
    {
        var result = await _ta.Run(line);
        if (words is null)
        {
            result.Is(0);
            return;
        }

        if (!line.Contains("show", StringComparison.Ordinal))
        {
            Assert.Contains(words, result.Is(2).Errors, StringComparison.Ordinal);
        }

        Assert.NotEqual(0, result.Code);
        Assert.Empty(result.Output);
    }

    /// <summary>A name finds nothing once the change is done, and the secret that asked may be over; the id
    /// does.</summary>
    [Fact]
    public async Task What_was_done_under_a_key_by_name_is_answered_again_by_the_id_that_was_told()
    {
        var name = $"again-{Guid.NewGuid():N}";
        var made = await service.Client.Tokens.Create(new NewToken { Name = name, PermissionSet = "administrator" }).Send();
        _ta.Environment["TOKENACTORS_TOKEN"] = made.Secrets!.Access.Reveal();
        var key = $"{Guid.NewGuid()}";
        var reset = (await _ta.Run($"token reset {name} --yes -o secret --idempotency-key {key}")).Is(0);
        Assert.Contains($"{name} is {made.Id}", reset.Errors, StringComparison.Ordinal);
        Assert.Contains(
            "id alone", (await _ta.Run($"token reset {name} --yes -o secret --idempotency-key {key}")).Is(4).Errors,
            StringComparison.Ordinal);
        Assert.Equal(
            reset.Output,
            (await _ta.Run($"token reset {made.Id} --yes -o secret --idempotency-key {key}")).Is(0).Output);

        _ta.Environment["TOKENACTORS_TOKEN"] = service.Admin;
        key = $"{Guid.NewGuid()}";
        (await _ta.Run($"token revoke {name} --yes --idempotency-key {key}")).Is(0);
        Assert.Contains(
            "id alone", (await _ta.Run($"token revoke {name} --yes --idempotency-key {key}")).Is(3).Errors,
            StringComparison.Ordinal);
        (await _ta.Run($"token revoke {made.Id} --yes --idempotency-key {key}")).Is(0);
    }
}
