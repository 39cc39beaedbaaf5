using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Lifecycle.Jobs;

/// <summary>Body of <c>POST /lifecycle/v1/tokens/revoke</c>: either a plan, or the filters of a list.</summary>
/// <param name="Filter"><c>field[operator]value</c> as in the list of tokens, ANDed; at least one</param>
/// <param name="Plan">that a dry run gave</param>
internal sealed record RevokeTokensRequest(IReadOnlyList<string>? Filter, string? Plan) : IRequestBody<RevokeTokensRequest>
{
    public static RevokeTokensRequest? Read(JsonFields fields)
    {
        var filter = fields.Texts("filter", mayRepeat: true);
        var plan = fields.Text("plan");
        fields.RefuseUnknown();
        if (fields.Errors.Count > 0)
        {
            return null;
        }

        if ((filter is null) == (plan is null))
        {
            fields.Reject("filter", "or plan must be given, and not both");
            return null;
        }

        List<ListProblem> problems = [];
        if (filter is not null
            && ListQueryParser.Parse(LifecycleTokenList.Schema, [], [], [], filter, problems) is null)
        {
            fields.Reject("filter", problems[0].Message);
            return null;
        }

        return new(filter, plan);
    }
}
