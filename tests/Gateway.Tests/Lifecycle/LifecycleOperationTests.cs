using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Domain.Grants;
using TokenActors.Gateway.Tests.Management;
using TokenActors.Gateway.Tests.Webhooks;
using static TokenActors.Gateway.Tests.Lifecycle.TokenReadTests;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>Every operation of the document: what it needs, and with what it is answered.</summary>
public sealed class LifecycleOperationTests : ReceiverTests
{
    /// <summary>A stream has no schema and no end; RevocationTests reads it.</summary>
    private const string Stream = "GET /revocations";

    [Fact]
    public async Task An_operation_needs_its_own_permission_and_no_other_and_answers_in_the_declared_shape()
    {
        var document = await Service.Document();
        var operations = LifecycleDocument.OperationsOf(document);
        var calls = new LifecycleCalls(Service, Receiver).All;
        Assert.Equal(operations.Keys.Except([Stream]).Order(), calls.Select(call => call.Name).Order());
        List<string> wrong = [];
        foreach (var call in calls)
        {
            var ready = await call.Ready();
            var unknown = await call.Send(Service, ready, "ta_org_" + new string('x', 71));
            Problem(unknown, 401, "unauthorized");
            Assert.Equal("Bearer", unknown.Headers["WWW-Authenticate"]);
            if (call.Action is not null)
            {
                var others = (await Service.Limited(ActionTable.Actions.Where(action => action != call.Action))).Access;
                var refused = await call.Send(Service, ready, others);
                Note(refused.Status == HttpStatusCode.Forbidden, call, $"without {call.Action}: {refused.Status} {refused.Body}");
            }

            var answer = await call.Send(Service, ready, (await Service.Limited(call.Actions)).Access);
            Note(answer.Status == call.Success, call, $"{answer.Status} {answer.Body}");
            var declared = operations[call.Name]["responses"]![$"{(int)answer.Status}"]?["content"]?["application/json"]?["schema"];
            var mismatch = declared is null
                ? answer.Body
                : Schemas.Mismatch(document, declared, JsonNode.Parse(answer.Body), "$");
            Note(mismatch == "", call, mismatch);
        }

        Assert.True(wrong is [], string.Join('\n', wrong));

        void Note(bool isRight, LifecycleCall call, string what)
        {
            if (!isRight)
            {
                wrong.Add($"{call}: {what}");
            }
        }
    }
}
