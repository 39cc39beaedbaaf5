using Microsoft.Extensions.DependencyInjection;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Tests.Policies;

public sealed class RepeatedPolicyTests
{
    [Fact]
    public async Task A_policy_that_was_written_and_not_told_is_in_force_once_its_call_is_answered_again()
    {
        Untold untold = new();
        SiloFixture silo = new() { Replacements = services => services.AddSingleton<IIncomingGrainCallFilter>(untold) };
        await silo.InitializeAsync();
        try
        {
            var caller = await silo.CallerOf(await silo.NewToken());
            var policy = silo.Grains.GetGrain<IPolicyGrain>(caller.OrganizationId.ToString());
            Idempotency call = new() { Key = new byte[32], Request = [1], Sealed = [] };
            SetPolicy command = new()
            {
                Context = SiloFixture.Command(caller) with { Idempotency = call },
                Content = new PolicyContent { LongestLife = "1h" },
            };
            untold.Fails = true;
            await Assert.ThrowsAsync<InvalidOperationException>(() => policy.Set(command));
            untold.Fails = false;
            ReadResource again = new()
            {
                OrganizationId = caller.OrganizationId, Caller = caller, Verb = "update", Call = call,
            };
            Assert.True((await policy.Get(again)).Repeated);
            var organization = silo.Grains.GetGrain<IOrganizationGrain>(caller.OrganizationId.ToString());
            Assert.Equal("1h", (await organization.GetPolicy())?.LongestLife);
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    /// <summary>The organization does not hear of its policy.</summary>
    private sealed class Untold : IIncomingGrainCallFilter
    {
        public bool Fails { get; set; }

        public Task Invoke(IIncomingGrainCallContext context) =>
            Fails && context.MethodName == nameof(IOrganizationGrain.PolicyChanged)
                ? throw new InvalidOperationException("not told")
                : context.Invoke();
    }
}
