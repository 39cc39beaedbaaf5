using System.Net;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>Simultaneous refreshes of one token over HTTP: one live successor, the same pair for all, nobody locked
/// out.</summary>
[Collection("service")]
public sealed class RaceTests(Service service)
{
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(64)]
    public async Task Refreshes_at_once_end_in_one_successor(int clients)
    {
        for (var trial = 0; trial < 100; trial++)
        {
            var made = await service.Create("viewer");
            var answers = await Task.WhenAll(
                Enumerable.Range(0, clients).Select(_ => service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)));
            Assert.All(answers, a => a.Is(HttpStatusCode.OK));
            var successor = Assert.Single(answers.Select(Made.From).Distinct());
            Assert.True(await service.IsActive(successor.Access));
            Assert.True(await service.IsActive(made.Access));
            Assert.Equal(2, (await service.Store.AuditOf(made.Id)).Count);
        }
    }

    [Fact]
    public async Task Refreshes_and_deletes_at_once_leave_nothing_alive()
    {
        for (var trial = 0; trial < 30; trial++)
        {
            var made = await service.Create("viewer");
            var refreshes = Enumerable.Range(0, 6).Select(_ => service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).ToList();
            (await service.Delete($"/v1/tokens/{made.Id}", service.Admin)).Is(HttpStatusCode.NoContent);
            foreach (var answer in await Task.WhenAll(refreshes))
            {
                Assert.False(answer.Status == HttpStatusCode.OK && await service.IsActive(Made.From(answer).Access));
            }

            Assert.False(await service.IsActive(made.Access));
        }
    }
}
