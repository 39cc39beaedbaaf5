using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace TokenActors.WebConsole.Tests.Walls;

/// <summary>Forms that are sent twice, at once or one after the other, and pages that are older than what they
/// show.</summary>
[Collection("walls")]
public sealed class DoubleSendTests(HostileService service)
{
    /// <summary>A form, what is typed, and the list in which one thing more is found.</summary>
    [Theory]
    [InlineData("accounts/new", "name={name}|fullname=Twice", "/v1/accounts?filter=name[eq]{name}")]
    [InlineData("roles/new", "name={name}|permission_set=viewer", "/v1/roles?filter=name[eq]{name}")]
    [InlineData(
        "members/new", "name={name}@example.com|roles=viewer|secret=correct horse battery",
        "/v1/members?filter=name[eq]{name}@example.com")]
    [InlineData(
        "webhooks/new", "url=https://hooks.example.com/{name}|name={name}|types=token.leaked",
        "/lifecycle/v1/webhooks?limit=100")]
    public async Task A_form_that_is_sent_twice_makes_one_thing_and_is_answered_alike(
        string page, string typed, string list)
    {
        var name = $"d{Guid.NewGuid():N}"[..12];
        using var visitor = await service.SignIn();
        using var other = visitor.Tab();
        await visitor.Get($"/console/{page}");
        var fields = typed.Split('|').Select(one => one.Split('=', 2)).Select(
            pair => (pair[0], (string?)pair[1].Replace("{name}", name, StringComparison.Ordinal))).ToArray();
        var (first, second) = (visitor.Form($"/{page}", fields), visitor.Form($"/{page}", fields));
        await Task.WhenAll(visitor.Send(first), other.Send(second));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (visitor.Status, other.Status));
        Assert.Equal(visitor.Path, other.Path);
        var json = (await service.Get(list.Replace("{name}", name, StringComparison.Ordinal), service.Admin)).Is(
            HttpStatusCode.OK).Json;
        Assert.Single((json["result"] ?? json["items"])!.AsArray(),
            item => item!.ToJsonString().Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_thing_that_is_gone_is_told_by_its_edit_and_by_a_second_deletion()
    {
        var name = $"g{Guid.NewGuid():N}"[..12];
        using var visitor = await service.SignIn();
        await visitor.Get("/console/accounts/new");
        await visitor.Submit("/accounts/new", ("name", name));
        var account = visitor.Path;
        using var editor = visitor.Tab();
        await editor.Get($"{account}/edit");
        using var late = visitor.Tab();
        await late.Get($"{account}/delete");
        await visitor.Get($"{account}/delete");
        await visitor.Submit("/delete");
        Assert.Equal(HttpStatusCode.OK, visitor.Status);

        await editor.Submit("/edit", ("fullname", "Too late"));
        Assert.Equal(HttpStatusCode.NotFound, editor.Status);
        await late.Submit("/delete");
        Assert.Equal(HttpStatusCode.NotFound, late.Status);
        Assert.Contains("There is no such thing", late.Page.QuerySelector("main h1")?.TextContent);
    }

    [Fact]
    public async Task A_rotation_that_is_sent_twice_shows_the_same_secret_twice()
    {
        var made = (await service.Post("/lifecycle/v1/tokens", service.Admin, new { permission_set = "viewer" })).Is(
            HttpStatusCode.Created).Json;
        using var visitor = await service.SignIn();
        using var other = visitor.Tab();
        await visitor.Get($"/console/tokens/{made["id"]}/rotate");
        var (first, second) = (visitor.Form("/rotate"), visitor.Form("/rotate"));
        await visitor.Send(first);
        await other.Send(second);
        var secret = Secret(visitor);
        Assert.Equal(secret, Secret(other));
        Assert.True(await service.IsActive(secret));
        var rotations = await service.Get(
            $"/lifecycle/v1/audit?filter=subject_id[eq]{made["id"]}&filter=event[eq]token.rotated"
            + "&filter=outcome[eq]done", service.Admin);
        Assert.Single(rotations.Json["items"]!.AsArray());

        // The page that shows it may be fetched again, and shows no secret then.
        await visitor.Get($"/console/tokens/{made["id"]}");
        Assert.DoesNotContain(secret, visitor.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signing_secret_that_is_asked_for_twice_is_one()
    {
        var id = (await service.NewThings())["webhooks"];
        using var visitor = await service.SignIn();
        using var other = visitor.Tab();
        await visitor.Get($"/console/webhooks/{id}");
        var (first, second) = (visitor.Form("/rotate-secret"), visitor.Form("/rotate-secret"));
        await visitor.Send(first);
        await other.Send(second);
        var secret = SigningSecret(visitor);
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.Equal(secret, SigningSecret(other));
        await visitor.Get($"/console/webhooks/{id}");
        Assert.DoesNotContain(secret, visitor.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_integration_that_is_made_twice_is_one_with_one_secret()
    {
        var account = (await service.NewThings())["accounts"];
        using var visitor = await service.SignIn();
        using var other = visitor.Tab();
        await visitor.Get($"/console/accounts/{account}/new-integration");
        (string, string?)[] typed = [("name", "made-twice"), ("provider_config", TypedField.Config)];
        var (first, second) = (visitor.Form("/new-integration", typed), visitor.Form("/new-integration", typed));
        await visitor.Send(first);
        await other.Send(second);
        Assert.Equal(Secret(visitor), Secret(other));
        Assert.True(await service.IsActive(Secret(visitor)));
        var made = (await service.Get($"/v1/integrations/{account}", service.Admin)).Is(HttpStatusCode.OK);
        Assert.Single(made.Json["result"]!.AsArray(), one => (string?)one!["name"] == "made-twice");
    }

    [Fact]
    public async Task A_revocation_that_is_started_twice_is_one_job()
    {
        var id = (await service.NewThings())["tokens"];
        using var visitor = await service.SignIn();
        using var other = visitor.Tab();
        var name = (string?)(await service.Get($"/lifecycle/v1/tokens/{id}", service.Admin)).Json["name"];
        await visitor.Get($"/console/tokens?q={name}");
        await visitor.Submit("/tokens/revoke", ("id", id));
        var (first, second) = (visitor.Form("/revoke/start"), visitor.Form("/revoke/start"));
        await visitor.Send(first);
        Assert.StartsWith("/console/jobs/", visitor.Path, StringComparison.Ordinal);
        await other.Send(second);
        Assert.Equal(visitor.Path, other.Path);
    }

    [Theory]
    [InlineData("disable", "enable")]
    [InlineData("enable", "enable")]
    public async Task Commands_one_after_the_other_end_as_the_last_one_says(string first, string second)
    {
        var made = (await service.Post("/lifecycle/v1/tokens", service.Admin, new { permission_set = "viewer" })).Is(
            HttpStatusCode.Created).Json;
        using var visitor = await service.SignIn();
        foreach (var command in (string[])[first, second, second])
        {
            await visitor.Get($"/console/tokens/{made["id"]}/{command}");
            Assert.True(visitor.Status == HttpStatusCode.OK, $"{command}: {visitor.Status} {visitor.Text}");
            if (visitor.Page.QuerySelectorAll<IHtmlFormElement>("form[method=post]").Any(
                form => form.Action.EndsWith($"/{command}", StringComparison.Ordinal)))
            {
                await visitor.Submit($"/{command}");
                Assert.True((int)visitor.Status is 200 or 409 or 422, $"{command}: {visitor.Status} {visitor.Text}");
            }
        }

        Assert.Equal(
            "active", (string?)(await service.Get($"/lifecycle/v1/tokens/{made["id"]}", service.Admin)).Json["state"]);
    }

    /// <summary>Only the tail of a secret says which token it is; the rest of it decides too.</summary>
    [Theory]
    [InlineData("é{0}")]
    [InlineData("two words {0}")]
    [InlineData("line\n{0}")]
    [InlineData("{0}é")]
    [InlineData("Bearer {0}")]
    public async Task A_secret_with_something_around_it_signs_nobody_in(string form)
    {
        using var visitor = new Visitor(service.Address);
        await visitor.Get("/console/sign-in");
        await visitor.Submit("/sign-in",
            ("secret", string.Format(System.Globalization.CultureInfo.InvariantCulture, form, service.Admin)));
        Assert.True((int)visitor.Status is 401 or 422, $"{visitor.Status}: {visitor.Text}");
        Assert.False(string.IsNullOrEmpty(visitor.ErrorOf("secret")));
        Assert.DoesNotContain(service.Admin, visitor.Body, StringComparison.Ordinal);
        await visitor.Get("/console/tokens");
        Assert.StartsWith("/console/sign-in", visitor.Path, StringComparison.Ordinal);
    }

    private static string SigningSecret(Visitor visitor) =>
        (visitor.Page.QuerySelector("#signing-secret") as IHtmlInputElement)?.Value
        ?? throw new InvalidOperationException($"{visitor.Status}: {visitor.Text}");

    private static string Secret(Visitor visitor) =>
        (visitor.Page.QuerySelector("#access-secret") as IHtmlInputElement)?.Value
        ?? throw new InvalidOperationException($"{visitor.Status}: {visitor.Text}");
}
