using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>Scheduled operations over HTTP: what runs, and what came of it.</summary>
[Collection("service")]
public sealed class JobTests(Service service)
{
    private const string Events = "siem_query_events";

    private static string Id(JsonNode node) => (string)node["id"]!;

    private static object[] Schedule(string period) =>
        [new { operation = Events, enabled = true, frequency = new { type = "periodic", value = period }, filters = new[] { "severity[eq]High" } }];

    [Fact]
    public async Task A_scheduled_operation_is_listed_and_its_executions_are_in_the_history()
    {
        var (_, _, boss) = await service.NewOrganization();
        var account = Id((await service.Post("/v1/accounts", boss.Access, new { environment = "test" })).Is(HttpStatusCode.Created).Result["account"]!);
        var integration = Id((await service.Post($"/v1/integrations/{account}", boss.Access, new
        {
            provider_config = new { type = "siem_mock_siem" }, scheduled_operations = Schedule("30m"),
        })).Is(HttpStatusCode.Created).Result["integration"]!);
        async Task<JsonArray> Get(string path) =>
            (await service.Get(path, boss.Access)).Is(HttpStatusCode.OK).Result.AsArray();

        var history = await Eventually.Finds<JsonArray>(
            async () => await Get("/v1/jobs/history"), list => list.Count > 0);
        var ended = history[0]!;
        Assert.Equal((account, integration, Events, "COMPLETE", 17), ((string)ended["account_id"]!, (string)ended["integration_id"]!, (string)ended["operation"]!, (string)ended["status"]!, (int)ended["records_processed"]!));
        Assert.Equal(
            ("SCHEDULED", integration, "17"),
            ((string)ended["trigger_type"]!, (string)ended["trigger_source"]!, (string)ended["final_cursor"]!));
        Assert.True((long)ended["duration"]! >= 0);
        var jobs = await Eventually.Finds<JsonArray>(
            async () => await Get("/v1/jobs"), list => (string)list[0]!["status"]! == "SCHEDULED");
        var job = Assert.Single(jobs)!;
        Assert.Equal(
            (Id(job), integration, "severity[eq]High"),
            ((string)ended["operation_id"]!, (string)job["integration_id"]!, (string)job["input"]!["filters"]![0]!));

        var execution = (string)ended["execution_id"]!;
        foreach (var filter in new[] { $"id[eq]{execution}", $"execution_id[eq]{execution}", $"operation_id[eq]{Id(job)}", $"account_id[eq]{account}", $"integration_id[eq]{integration}", "started_at[gte]2020-01-01T00:00:00Z", "final_cursor[eq]17" })
        {
            Assert.Single(await Get($"/v1/jobs/history?filter={Uri.EscapeDataString(filter)}"));
        }

        Assert.Empty(await Get("/v1/jobs/history?filter=started_at[lt]2020-01-01T00:00:00Z"));
        Assert.Empty(await Get("/v1/jobs/history?filter=error[like]*failed*"));
        Assert.Empty(await Get("/v1/jobs/history?filter=initial_cursor[eq]17"));
        Assert.Empty(await Get($"/v1/jobs/history?start_after={execution}"));
        Assert.Single(await Get($"/v1/jobs?filter=status[eq]SCHEDULED&filter=integration_id[eq]{integration}"));
        (await service.Delete($"/v1/integrations/{account}/{integration}", boss.Access)).Is(HttpStatusCode.NoContent);
        Assert.Empty(await Get("/v1/jobs"));
        Assert.Single(await Get("/v1/jobs/history"));
        Assert.DoesNotContain(
            (await service.Get("/v1/jobs/history", service.Admin)).Is(HttpStatusCode.OK).Result.AsArray(),
            item => (string)item!["execution_id"]! == execution);
    }

    /// <summary>It is copied from an integration point, changed to a period, and back.</summary>
    [Fact]
    public async Task An_operation_by_cron_is_shown_as_it_was_given_and_waits_for_its_time()
    {
        var (_, _, boss) = await service.NewOrganization();
        var account = Id((await service.Post("/v1/accounts", boss.Access, new { environment = "test" })).Is(HttpStatusCode.Created).Result["account"]!);
        var nextYear = $"0 0 1 {TimeProvider.System.GetUtcNow().AddMonths(-1).Month} *";
        var frequency = new { type = "cron", value = nextYear };
        var scheduled = new[] { new { operation = Events, enabled = true, frequency } };
        var point = Id((await service.Post("/v1/integration-points", boss.Access, new
        {
            connector = "siem", environments = new { test = new[] { "*" } }, scheduled_operations = scheduled,
        })).Is(HttpStatusCode.Created).Result);
        var made = (await service.Post($"/v1/integrations/{account}", boss.Access, new
        {
            integration_point_id = point, provider_config = new { type = "siem_mock_siem" },
        })).Is(HttpStatusCode.Created).Result["integration"]!;
        Assert.Equal(nextYear, (string)made["scheduled_operations"]![0]!["frequency"]!["value"]!);
        async Task<JsonArray> Get(string path) =>
            (await service.Get(path, boss.Access)).Is(HttpStatusCode.OK).Result.AsArray();
        async Task<JsonNode> Patch(object value) => (await service.Send(
            HttpMethod.Patch, $"/v1/integrations/{account}/{Id(made)}", boss.Access,
            new[] { new { op = "replace", path = "/scheduled_operations/0/frequency", value } })).Is(HttpStatusCode.OK).Result;

        var job = Assert.Single(await Get("/v1/jobs"))!;
        Assert.Equal("SCHEDULED", (string)job["status"]!);
        Assert.Empty(await Get("/v1/jobs/history"));
        var scheduledNow = await Patch(new { type = "periodic", value = "30m" });
        Assert.Equal("periodic", (string)scheduledNow["scheduled_operations"]![0]!["frequency"]!["type"]!);
        Assert.Equal("cron", (string)(await Patch(frequency))["scheduled_operations"]![0]!["frequency"]!["type"]!);
        Assert.Equal(Id(job), Id(Assert.Single(await Get("/v1/jobs"))!));
        Assert.Empty(await Get("/v1/jobs/history"));
    }

    [Theory]
    [InlineData("limit=501", "limit")]
    [InlineData("order=operation", "order")]
    [InlineData("order=started_at&order=id", "order")]
    [InlineData("start_after=no-execution", "start_after")]
    [InlineData("filter=started_at[eq]soon", "filter")]
    [InlineData("filter=color[eq]red", "filter")]
    public async Task What_is_wrong_with_a_query_of_the_history_is_400(string query, string parameter) =>
        (await service.Get($"/v1/jobs/history?{query}", service.Admin)).IsProblem(HttpStatusCode.BadRequest, parameter);
}
