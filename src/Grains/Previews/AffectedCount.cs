using TokenActors.Domain.Lists;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Previews;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Previews;

/// <summary>Counts the tokens that hang on something, page by page.</summary>
internal sealed class AffectedCount(IRecordStore store, PreviewedSubject subject, DateTimeOffset now)
{
    private const int MostCounted = 100_000;

    private readonly AffectedTally _tally = new(now);
    private int _counted;
    private DateTimeOffset? _formerEndsAt;

    public async Task<AffectedTokens> Run(CancellationToken cancellationToken)
    {
        var members = 0;
        var isWhole = true;
        switch (subject.Kind)
        {
            case Kinds.Token:
                if (await store.Read(new RecordKey(Kinds.Token, subject.Id)) is { Status: StoredRecord.Live } row)
                {
                    Note(row, isDescendant: false);
                    _formerEndsAt = TokenRow.Read(row).Secondary is { } former && former.EndsAt > now
                        ? former.EndsAt
                        : null;
                }

                isWhole = await Count([], subject.Id, cancellationToken);
                break;
            case Kinds.Member:
                isWhole = await Count([$"member_id[eq]{subject.Id}"], below: null, cancellationToken);
                break;
            case Kinds.Account:
                isWhole = await Count([$"account_id[eq]{subject.Id}"], below: null, cancellationToken);
                break;
            case Kinds.Integration or Kinds.Bridge:
                isWhole = await Count([$"owner_id[eq]{subject.Id}"], below: null, cancellationToken);
                break;
            case Kinds.Role:
                if (await store.Read(new RecordKey(Kinds.Role, subject.Id)) is { } role)
                {
                    isWhole = await Count([$"roles[eq]{role.Name}"], below: null, cancellationToken);
                    members = await CountMembers(role.Name);
                }

                break;
            case Kinds.Organization:
                isWhole = await Count([], below: null, cancellationToken);
                break;
        }

        return _tally.ToAffected(isCut: !isWhole) with { Members = members, FormerEndsAt = _formerEndsAt };
    }

    /// <returns>false where there are more than are counted</returns>
    private async Task<bool> Count(string[] filters, string? below, CancellationToken cancellationToken)
    {
        var query = QueryOf(LifecycleTokenList.Schema, filters);
        var organization = subject.Kind == Kinds.Organization ? subject.Id : subject.OrganizationId.ToString();
        RecordScope scope = new(Kinds.Token, organization, UnnamedToo: true, Below: below);
        ListPlace? after = null;
        while (_counted < MostCounted)
        {
            var rows = await store.ListAfter(scope, query, after, now).UntilCanceled(cancellationToken);
            foreach (var (record, place) in rows)
            {
                Note(record, isDescendant: record.ParentId != record.Key.Id);
                after = place;
            }

            if (rows.Count < query.Limit)
            {
                return true;
            }
        }

        return false;
    }

    private async Task<int> CountMembers(string role)
    {
        var filters = QueryOf(MemberList.Schema, [$"role_binding[eq]{role}"]).Filters;
        return (int)await store.Count(new RecordScope(Kinds.Member, subject.OrganizationId.ToString()), filters);
    }

    private void Note(StoredRecord row, bool isDescendant)
    {
        var token = TokenRow.Read(row);
        _counted++;
        if (GoesAlong(row, token))
        {
            _tally.NoteEnding(row, token, isDescendant);
        }
        else
        {
            _tally.Staying++;
        }
    }

    /// <summary>Whether a token dies with the subject where that is deleted.</summary>
    private bool GoesAlong(StoredRecord row, TokenState token) => subject.Kind switch
    {
        Kinds.Token =>
            token.Id.ToString() == subject.Id || token.Ancestors.Any(above => above.ToString() == subject.Id),
        Kinds.Member => row.MemberId is not null,
        _ => true,
    };

    private static ListQuery QueryOf(ListSchema schema, string[] filters)
    {
        List<ListProblem> problems = [];
        return (ListQueryParser.Parse(schema, [], [], [], filters, problems)
            ?? throw new InvalidOperationException(problems[0].Message)) with
        { Limit = ListQuery.MaxLimit };
    }
}
