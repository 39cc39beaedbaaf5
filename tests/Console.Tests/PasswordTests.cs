namespace TokenActors.WebConsole.Tests;

/// <summary>A change of the password after which nobody can be signed in again at once.</summary>
public sealed class PasswordTests : IAsyncLifetime
{
    private const string Changed = "another password, quite as long";

    private readonly Strict _service = new();

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_change_that_was_made_is_told_as_one_where_the_log_on_after_it_fails()
    {
        var password = (string?)_service.Bootstrap["member_secret"] ?? "";
        using var visitor = await new Visitor(_service.Http.BaseAddress!).SignIn("root", "administrator", password);
        await visitor.Get("/console/change-password");
        await visitor.Submit("/change-password", ("old_secret", password), ("new_secret", Changed), ("again", Changed));
        Assert.Equal("/console/sign-in?done=password", visitor.Path);
        Assert.Contains("The password is changed", visitor.Text);
        _service.Clock.Advance(TimeSpan.FromMinutes(2));
        await visitor.Submit("/sign-in", ("organization", "root"), ("name", "administrator"), ("password", Changed));
        Assert.Equal("/console", visitor.Path);
    }

    /// <summary>Two log-ons a minute: that of the session, and the one that a change of password counts as.</summary>
    private sealed class Strict : Service
    {
        protected override string[] Settings => ["--TokenActors:RateLimits:LogonsPerName", "2"];
    }
}
