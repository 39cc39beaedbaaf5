using System.Data.Common;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Hosting.Services;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>A start that takes long waits, says for what, and gives up with a reason.</summary>
public sealed class StartStepsTests
{
    private const string What = "the table that another has locked";

    private readonly FakeTimeProvider _clock = new();
    private readonly LogBook<StartSteps> _log = new();

    private StartSteps Steps => new(_log) { Time = _clock };

    private IReadOnlyList<string> Said => _log.Lines;

    [Fact]
    public async Task A_slow_step_is_waited_for_and_named_every_five_seconds()
    {
        TaskCompletionSource<int> step = new();
        var waiting = Steps.Wait(What, step.Task);
        for (var i = 0; i < 3; i++)
        {
            var before = Said.Count;
            await Eventually.Holds(
                () =>
                {
                    _clock.Advance(TimeSpan.FromSeconds(5));
                    return Task.FromResult(Said.Count > before);
                },
                "it is said");
        }

        Assert.All(Said, said => Assert.Equal($"Warning: The start waits for {What}", said));
        Assert.False(waiting.IsCompleted);
        step.SetResult(7);
        Assert.Equal(7, await waiting);
    }

    [Fact]
    public async Task A_step_that_gives_up_is_named()
    {
        var given = Steps.Wait(What, Task.FromException<int>(new TimeoutException("It took too long.")));
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => given);
        Assert.Equal($"The start gave up waiting for {What}. It took too long.", failed.Message);
    }

    public static TheoryData<Exception> Faults =>
        [new TimeoutException("no answer"), new ServiceUnavailableException("no answer"), new StorageUnavailableException("no answer")];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task What_is_not_answered_is_asked_again_for_three_minutes(Exception fault)
    {
        var asked = 0;
        var step = Steps.Repeat<int>(
            What,
            () =>
            {
                asked++;
                throw fault;
            },
            CancellationToken.None);
        await Eventually.Holds(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(step.IsCompleted);
            },
            "it gives up");
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => step);
        Assert.Equal($"The start gave up waiting for {What}. no answer", failed.Message);
        Assert.InRange(asked, 2, 182);
        Assert.Equal(asked - 1, Said.Count);
    }

    /// <summary>Which errors of a database are no answer is what the database says.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_error_of_the_database_is_repeated_where_it_is_no_answer(bool isOutage)
    {
        var asked = 0;
        var step = Steps.Repeat(
            What,
            () => ++asked == 1 ? throw new NoAnswer() : Task.FromResult(7),
            CancellationToken.None,
            error => error is NoAnswer && isOutage);
        if (!isOutage)
        {
            await Assert.ThrowsAsync<NoAnswer>(() => step);
            return;
        }

        await Eventually.Holds(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(step.IsCompleted);
            },
            "it is repeated");
        Assert.Equal(7, await step);
        Assert.Equal($"Warning: The start waits for {What}", Assert.Single(Said));
    }

    private sealed class NoAnswer : DbException;
}
