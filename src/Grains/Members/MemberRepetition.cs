using TokenActors.Domain.Members;
using TokenActors.Domain.Records;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Members;

/// <summary>A creation that is asked again under its idempotency key.</summary>
internal static class MemberRepetition
{
    /// <summary>
    /// What is answered where there is a member of the id already: the member, where this very call made it and the
    /// answer is kept. Null: the creation is under no key.
    /// </summary>
    public static MemberAnswer? AnswerTo(CreateMember command, MemberState existing, DateTimeOffset now)
    {
        if (command.Context.Idempotency is not { } call)
        {
            return null;
        }

        var isKept = existing is { DeletedAt: null, CreatedBy: { } made }
            && existing.OrganizationId == command.OrganizationId
            && made.Key.AsSpan().SequenceEqual(call.Key) && now - existing.CreatedAt < CreatingCall.AnswersKept;
        if (!isKept)
        {
            return new MemberAnswer { Refusal = ResourceRefusal.IdTaken };
        }

        return existing.CreatedBy?.Request.AsSpan().SequenceEqual(call.Request) == true
            ? new MemberAnswer { Member = MemberViews.Of(existing) }
            : new MemberAnswer { Refusal = ResourceRefusal.IdempotencyConflict };
    }
}
