namespace TokenActors.Client.Tests.Cli;

/// <summary><c>ta token collect</c>: a person gets the secret that a model asked for, once.</summary>
public sealed class CollectTests(RunningService service) : IClassFixture<RunningService>, IDisposable
{
    private readonly Ta _ta = new(service.Url, service.Admin);

    public void Dispose() => _ta.Dispose();

    [Fact]
    public async Task A_rotation_that_a_model_wished_is_collected_once()
    {
        using HttpClient http = new();
        TokenActorsClient client = new(
            http, new() { Service = service.Url, Bearer = _ => ValueTask.FromResult<string?>(service.Admin) });
        var token = await client.Tokens.Create(new() { Name = $"n{Guid.NewGuid():N}", PermissionSet = "viewer" }).Send();
        var wish = await client.Intents.Rotate(token.Id).Send();

        // A model with a shell is nobody, whatever it says.
        var alone = (await _ta.Run($"token collect {wish.Id} --yes -o secret")).Is(2);
        Assert.Contains("A person collects it", alone.Errors, StringComparison.Ordinal);
        Assert.True((await client.Intents.Get(wish.Id)).IsOpen);
        var secret = (await _ta.Run($"token collect {wish.Id} --yes -o secret --idempotency-key mine", isInteractive: true)).Is(0).Output.Trim();
        Assert.StartsWith("ta_org_", secret, StringComparison.Ordinal);
        Assert.True((await client.Tokens.Introspect([new Secret(secret)]))[0].Active);
        Assert.Equal(secret, (await _ta.Run($"token collect {wish.Id} --yes -o secret --idempotency-key mine", isInteractive: true)).Is(0).Output.Trim());
        var again = await _ta.Run($"token collect {wish.Id} --yes -o secret", isInteractive: true);
        Assert.NotEqual(0, again.Code);
        Assert.Contains("collected already", again.Errors, StringComparison.Ordinal);
        Assert.Empty(again.Output);
        (await _ta.Run($"token collect {Guid.NewGuid()} --yes", isInteractive: true)).Is(3);
    }

    [Fact]
    public async Task A_new_token_is_made_by_the_person_who_collects_it()
    {
        using HttpClient http = new();
        TokenActorsClient client = new(
            http, new() { Service = service.Url, Bearer = _ => ValueTask.FromResult<string?>(service.Admin) });
        var wish = await client.Intents.Create(new() { PermissionSet = "viewer", Life = "2h" }).Send();
        var made = (await _ta.Run($"token collect {wish.Id} --yes --fields life,primary.access.last_four", isInteractive: true)).Is(0);
        Assert.Contains("2h", made.Output, StringComparison.Ordinal);
    }
}
