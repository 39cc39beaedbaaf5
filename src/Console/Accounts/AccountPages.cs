using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.Client.Resources;
using TokenActors.WebConsole.Deletions;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;
using TokenActors.WebConsole.Permissions;

namespace TokenActors.WebConsole.Accounts;

/// <summary>Accounts, and the integrations within them.</summary>
internal static class AccountPages
{
    private const int MostCredentials = 100;

    private static readonly string[] Fields = ["name", "fullname", "environment", "labels"];
    private static readonly string[] IntegrationFields = ["name", "fullname", "provider_config"];

    public static void MapAccounts(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/accounts", List).WithName("console_accounts");
        pages.MapGet("/accounts/new", ShowNew).WithName("console_account_new");
        pages.MapPost("/accounts/new", Create).WithName("console_account_news");
        pages.MapGet("/accounts/{id:guid}", Show).WithName("console_account");
        new AccountEditPage().Map(pages, "/accounts/{id:guid}/edit", "console_account_edit");
        pages.MapDeletion("/accounts/{id:guid}/delete", "console_account_delete", DeletionOf);
        pages.MapGet("/accounts/{id:guid}/new-integration", ShowNewIntegration).WithName("console_integration_new");
        pages.MapPost("/accounts/{id:guid}/new-integration", CreateIntegration).WithName("console_integration_news");
        pages.MapDeletion(
            "/accounts/{id:guid}/integrations/{integration:guid}/delete", "console_integration_delete", IntegrationDeletionOf);
    }

    private static async Task<IResult> List(ConsoleRequest request)
    {
        var page = await request.Api.Accounts.List(Listings.Query(request)).Page(request.Aborted);
        return request.Show<AccountListView>("Accounts", new()
        {
            [nameof(AccountListView.Accounts)] = page,
            [nameof(AccountListView.MayMake)] = await request.Rights.MayMakeLike(
                page.Items is [var first, ..] ? first.Id : null, request.Api, request.Session?.TokenId, request.Aborted),
        });
    }

    private static async Task<IResult> Show(ConsoleRequest request, string id)
    {
        var account = await request.Api.Accounts.Get(id, request.Aborted);
        Dictionary<string, object> view = new()
        {
            [nameof(AccountView.Account)] = account,
            [nameof(AccountView.MayEdit)] = await May("accounts:patch"),
            [nameof(AccountView.MayDelete)] = await May("accounts:delete"),
            [nameof(AccountView.Integrations)] = await request.Api.Integrations.List(id, Listings.Query(request)).Page(request.Aborted),
        };
        var credentials = request.Api.Credentials.List(id, new ListQuery { Limit = MostCredentials }).Page(request.Aborted);
        view[nameof(AccountView.Credentials)] = await PageParts.Try(credentials);

        if (request.Query("done") is not null)
        {
            view[nameof(AccountView.Done)] = "The changes are saved.";
        }

        return request.Show<AccountView>(account.Name, view);

        Task<bool> May(string action) =>
            request.Rights.MayOn(action, account.Id, request.Api, request.Session?.TokenId, request.Aborted);
    }

    private static IResult ShowNew(ConsoleRequest request) => Form(request, new FormState());

    private static async Task<IResult> Create(ConsoleRequest request, ConsoleForm form)
    {
        try
        {
            var account = await request.Api.Accounts.Create(new NewAccount
            {
                Name = form.Text("name"),
                Fullname = form.Text("fullname"),
                Environment = form.Text("environment"),
                Labels = Grants.OrNull(form.Words("labels")),
            }).Send(form.CallKey, request.Aborted);
            return Pages.GoTo($"{Places.Accounts}/{account.Id}");
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            return Form(request, FormState.Of(form, Fields).Reject(e));
        }
    }

    private static IResult Form(ConsoleRequest request, FormState state) =>
        request.Show<NewAccountView>("New account", new() { [nameof(NewAccountView.State)] = state }, state.Status());

    private static Task<IResult> ShowNewIntegration(ConsoleRequest request, string id) =>
        IntegrationForm(request, id, new FormState());

    private static async Task<IResult> CreateIntegration(ConsoleRequest request, string id, ConsoleForm form)
    {
        var state = FormState.Of(form, IntegrationFields);
        if (Config(form.Text("provider_config"), state) is not { } config)
        {
            return await IntegrationForm(request, id, state);
        }

        try
        {
            var made = await request.Api.Integrations.Create(id, new NewIntegration
            {
                Name = form.Text("name"), Fullname = form.Text("fullname"), ProviderConfig = config,
            }).Send(form.CallKey, request.Aborted);
            return request.Show<NewIntegrationSecretsView>("New integration", new()
            {
                [nameof(NewIntegrationSecretsView.Made)] = made,
            });
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            return await IntegrationForm(request, id, state.Reject(e));
        }
    }

    private static async Task<IResult> IntegrationForm(ConsoleRequest request, string id, FormState state) =>
        request.Show<NewIntegrationView>(
            "New integration",
            new()
            {
                [nameof(NewIntegrationView.Account)] = await request.Api.Accounts.Get(id, request.Aborted),
                [nameof(NewIntegrationView.State)] = state,
            },
            state.Status());

    private static JsonObject? Config(string? text, FormState state)
    {
        try
        {
            if (text is not null && JsonNode.Parse(text) is JsonObject config)
            {
                _ = config.ToJsonString();
                return config;
            }

            state.Reject("provider_config", "It has to be a JSON object, such as {\"type\": \"ticketing_jira\", …}.");
        }
        catch (JsonException e)
        {
            state.Reject(
                "provider_config", $"It is no JSON: line {e.LineNumber + 1}, place {e.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            // It is read when it is written, and half of a surrogate pair cannot be.
            state.Reject("provider_config", "It is no JSON: an escape such as \\ud800 is half of a character.");
        }

        return null;
    }

    private static async Task<Deletion> DeletionOf(ConsoleRequest request)
    {
        var id = request.Part("id");
        return new(
            "Accounts", (await request.Api.Accounts.Get(id, request.Aborted)).Name,
            "Its integrations, credentials, bridges and tokens go with it.",
            $"{Places.Accounts}/{id}/delete", Places.Accounts, request.Api.Accounts.Delete(id));
    }

    private static async Task<Deletion> IntegrationDeletionOf(ConsoleRequest request)
    {
        var (id, integration) = (request.Part("id"), request.Part("integration"));
        return new(
            "Accounts", (await request.Api.Integrations.Get(id, integration, request.Aborted)).Name,
            "Its tokens and credentials go with it.",
            $"{Places.Accounts}/{id}/integrations/{integration}/delete", $"{Places.Accounts}/{id}",
            request.Api.Integrations.Delete(id, integration));
    }
}
