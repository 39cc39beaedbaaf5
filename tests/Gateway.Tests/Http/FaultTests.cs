using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Tests.Http;

/// <summary>What clients see of a database that fails: 503, and never a command carried out twice.</summary>
public sealed class FaultTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_asked_for_again_and_answered()
    {
        var made = await service.Create();
        service.Faults.Next(Fault.AnswerLost);
        var next = Made.From((await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).Is(HttpStatusCode.OK));
        Assert.True(await service.IsActive(next.Access));
        service.Faults.Next(Fault.AnswerLost);
        var reset = Made.From((await service.Put($"/v1/tokens/{service.OrganizationId}/{made.Id}/reset", service.Admin)).Is(HttpStatusCode.OK));
        Assert.True(await service.IsActive(reset.Access));
        service.Faults.Next(Fault.AnswerLost);
        var created = await service.Create();
        Assert.True(await service.IsActive(created.Access));
        Assert.Equal(3, (await service.Store.AuditOf(made.Id)).Count);
        Assert.Single(await service.Store.AuditOf(created.Id));
    }

    [Theory]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(TaskCanceledException))]
    [InlineData(typeof(TimeoutException))]
    public async Task What_a_silo_that_ends_throws_at_its_callers_is_asked_for_again(Type thrown)
    {
        var calls = 0;
        Task<int> Call() =>
            ++calls == 1
                ? Task.FromException<int>((Exception)Activator.CreateInstance(thrown)!)
                : Task.FromResult(calls);
        Assert.Equal(2, await NewRequest().Command(Call));
    }

    /// <summary>Whoever waits longer than the response time-out has given up: no second attempt begins then, and none
    /// outlasts it.</summary>
    [Theory]
    [InlineData(5, 1)]
    [InlineData(3, 2)]
    public async Task A_second_attempt_ends_with_the_response_time_out(int firstTook, int attempts)
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var calls = 0;
        Task<int> Call()
        {
            if (++calls == 1)
            {
                clock.Advance(TimeSpan.FromSeconds(firstTook));
                return Task.FromException<int>(new TimeoutException());
            }

            return new TaskCompletionSource<int>().Task;
        }

        var command = NewRequest(clock).Command(Call);
        clock.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => command).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(attempts, calls);
    }

    /// <summary>A missing codec is in a namespace of Orleans and is no outage: asking again would only hide
    /// it.</summary>
    [Fact]
    public async Task A_bug_is_not_asked_for_again()
    {
        var calls = 0;
        Task<int> Call()
        {
            calls++;
            throw new Orleans.Serialization.CodecNotFoundException("no codec");
        }

        await Assert.ThrowsAsync<Orleans.Serialization.CodecNotFoundException>(() => NewRequest().Command(Call));
        Assert.Equal(1, calls);
        Assert.False(GrainCalls.IsUnavailable(new Orleans.Serialization.CodecNotFoundException("no codec")));

        // The directory refuses with the base type while silos come and go.
        Assert.True(GrainCalls.IsUnavailable(new Orleans.Runtime.OrleansException("not stable to perform the lookup")));
    }

    private static ApiRequest NewRequest(TimeProvider? time = null) => ApiRequest.Of(new DefaultHttpContext
    {
        RequestServices = new Microsoft.Extensions.DependencyInjection.ServiceCollection().AddLogging().AddSingleton(time ?? TimeProvider.System)
            .AddSingleton<OutageLog>().BuildServiceProvider(),
    });

    [Fact]
    public async Task A_command_whose_outcome_is_not_known_is_503_and_must_not_be_retried_blindly()
    {
        var made = await service.Create();
        service.Faults.Next(Fault.Lost, Fault.Lost);
        var answer = (await service.Put($"/v1/tokens/{service.OrganizationId}/{made.Id}/rotate", service.Admin)).IsProblem(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("false", answer.Headers["x-should-retry"]);
        Assert.Equal("1", answer.Headers["Retry-After"]);
        Assert.DoesNotContain("test", answer.Body);
        Assert.True(await service.IsActive(made.Access));
        (await service.Put($"/v1/tokens/{service.OrganizationId}/{made.Id}/rotate", service.Admin)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_database_that_cannot_be_read_is_503_for_reads_and_never_401()
    {
        var made = await service.Create();
        await service.RestartAsync();
        service.Faults.ReadsFail = true;
        var answer = (await service.Get("/v1/organization", made.Access)).IsProblem(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("1", answer.Headers["Retry-After"]);
        (await service.Introspect(made.Access, made.Access)).Is(HttpStatusCode.ServiceUnavailable);
        service.Faults.ReadsFail = false;
        (await service.Get("/v1/organization", made.Access)).Is(HttpStatusCode.OK);
    }
}
