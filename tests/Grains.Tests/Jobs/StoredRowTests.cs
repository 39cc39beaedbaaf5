using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Intents;
using TokenActors.Domain.Jobs;
using TokenActors.Grains.Imports;
using TokenActors.Grains.Intents;
using TokenActors.Grains.Revoking;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Jobs;

/// <summary>Rows of jobs and intents: what is written is read back, and rows of before are read too.</summary>
public sealed class StoredRowTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly TokenId Token = TokenId.Parse("01900000-0000-7000-8000-000000000001");
    private static readonly MemberId Member = MemberId.Parse("01900000-0000-7000-8000-00000000000b");
    private static readonly OrganizationId Organization = OrganizationId.Parse("01900000-0000-7000-8000-00000000000a");

    private static readonly Gen<DateTimeOffset?> Time = Gen.Select(
        Gen.Bool, Gen.Long[0, 40_000_000_000], (isSet, micros) => isSet ? Start.AddMicroseconds(micros) : (DateTimeOffset?)null);

    private static readonly Gen<string> Text = Gen.String[Gen.Char["ab é\"\\'\n<>&日[]{}:,0"], 0, 12];

    private static readonly Gen<JobStarter> Starter = Gen.Select(
        Gen.Int[0, 3], Gen.Bool, Gen.Bool,
        (ancestors, isNarrow, isBound) => new JobStarter(
            Token, Member, [.. Enumerable.Range(0, ancestors).Select(_ => new TokenId(Guid.NewGuid()))],
            Grant.Of(
                PermissionSets.Viewer,
                isNarrow ? Resources.All with { AccountIds = Selection.Of("a1", "a2") } : Resources.All)
                with
            { Addresses = isBound ? AddressRanges.Of(["10.0.0.0/8", "2001:db8::/32"]) : AddressRanges.Anywhere }));

    private static readonly Gen<RevocationJob> Revocation = Gen.Select(
        Starter, Gen.Int[0, 3], Gen.Int[0, 500].Array[5], Text.Array[0, 3], Time.Array[3], Gen.Bool,
        (starter, status, counts, filters, times, isKeyed) => new RevocationJob
        {
            Id = Guid.NewGuid(), OrganizationId = Organization, Starter = starter, Status = (RevocationJobStatus)status, Total = counts[0],
            Asked = counts[1], Done = counts[2], Gone = counts[3], Refused = counts[4], Filters = [.. filters],
            PlanEndsAt = times[0],
            StartedAt = times[1], EndedAt = times[2], StartKey = isKeyed
                ? $"{Guid.NewGuid():N}"
                : null, CreatedAt = Start,
            UpdatedAt = Start.AddSeconds(counts[0]), Version = 1 + counts[1],
        });

    private static readonly Gen<ImportJob> Import = Gen.Select(
        Starter, Gen.Int[0, 3], Gen.Int[0, 500].Array[5], Gen.Byte.Array[0, 32], Time.Array[2],
        (starter, status, counts, request, times) => new ImportJob
        {
            Id = Guid.NewGuid(), OrganizationId = Organization, Starter = starter, Status = (ImportJobStatus)status, Total = counts[0],
            Received = counts[1], Asked = counts[2], Done = counts[3], Refused = counts[4], Request = [.. request],
            StartedAt = times[0],
            EndedAt = times[1], CreatedAt = Start, UpdatedAt = Start.AddSeconds(counts[0]), Version = 1 + counts[1],
        });

    private static readonly Gen<Intent> AnyIntent = Gen.Select(
        Gen.Bool, Gen.Bool, Text, Text, Gen.Int[0, 500],
        (hasSubject, isTaken, body, key, count) => new Intent
        {
            Id = Guid.NewGuid(), OrganizationId = Organization, MemberId = Member, TokenId = Token, Command = "rotate",
            Subject = hasSubject ? Token : null, Body = body, CreatedAt = Start, LapsesAt = Start.AddMinutes(5),
            Collector = isTaken
                ? new IntentCollector(Token, key, Start.AddSeconds(count))
                : null, UpdatedAt = Start.AddSeconds(count), Version = 1 + count,
        });

    [Fact]
    public void A_job_of_revocations_is_read_back() => Revocation.HoldsForAll(500, job =>
    {
        var row = RevocationJobRow.Of(job, "c");
        var read = RevocationJobRow.Read(row);
        Same(row, RevocationJobRow.Of(read, "c"));
        Assert.Equal(job.Filters.ToArray(), read.Filters.ToArray());
        Assert.Equal(
            (job.Status, job.Total, job.Asked, job.Done, job.Gone, job.Refused, job.Version),
            (read.Status, read.Total, read.Asked, read.Done, read.Gone, read.Refused, read.Version));
        Assert.Equal(
            (job.PlanEndsAt, job.StartedAt, job.EndedAt, job.StartKey, job.DueAt), (read.PlanEndsAt, read.StartedAt, read.EndedAt, read.StartKey, read.DueAt));
        SameStarter(job.Starter, read.Starter);
        Assert.Equal(job.DueAt, row.DueAt);
        Assert.True(job.StartKey is null || row.NameKey == job.StartKey);
    });

    [Fact]
    public void A_job_of_imports_is_read_back() => Import.HoldsForAll(500, job =>
    {
        var row = ImportJobRow.Of(job, "c");
        var read = ImportJobRow.Read(row);
        Same(row, ImportJobRow.Of(read, "c"));
        Assert.Equal(job.Request.ToArray(), read.Request.ToArray());
        Assert.Equal(
            (job.Status, job.Total, job.Received, job.Asked, job.Done, job.Refused, job.Version, job.StartedAt, job.EndedAt),
            (read.Status, read.Total, read.Received, read.Asked, read.Done, read.Refused, read.Version, read.StartedAt, read.EndedAt));
        SameStarter(job.Starter, read.Starter);
        Assert.Equal(job.DueAt, row.DueAt);
    });

    [Fact]
    public void An_intent_is_read_back() => AnyIntent.HoldsForAll(500, intent =>
    {
        var row = IntentRow.Of(intent, "c");
        Assert.Equal(intent, IntentRow.Read(row));
        Assert.Equal((intent.DueAt, intent.Version), (row.DueAt, row.Version));
        var view = IntentRow.ViewOf(intent);
        Assert.Equal(
            (intent.Body, intent.Subject, intent.Collector?.At, intent.LapsesAt),
            (view.Body, view.Subject, view.CollectedAt, view.LapsesAt));
    });

    /// <summary>A field that a later release adds is left out by an earlier one; one that is left out is its
    /// default.</summary>
    [Fact]
    public void Fields_that_are_not_there_are_their_defaults_and_others_are_passed_over()
    {
        var job = new RevocationJob
        {
            Id = Guid.NewGuid(), OrganizationId = Organization, Starter = new(
                Token, Member, [], Grant.Of(PermissionSets.Viewer, Resources.All)),
            Status = RevocationJobStatus.Running, Total = 3, CreatedAt = Start, UpdatedAt = Start, Version = 2,
        };
        var row = RevocationJobRow.Of(job, "c");
        var state = JsonNode.Parse(row.State)?.AsObject() ?? [];
        foreach (var optional in (string[])["filters", "gone", "asked", "done", "refused"])
        {
            state.Remove(optional);
        }

        state["of_a_later_release"] = new JsonObject { ["a"] = 1 };
        var read = RevocationJobRow.Read(row with { State = state.ToJsonString() });
        Assert.Equal(
            (RevocationJobStatus.Running, 3, 0, 0, 0, 0),
            (read.Status, read.Total, read.Asked, read.Done, read.Gone, read.Refused));
        Assert.Empty(read.Filters);
        Assert.ThrowsAny<JsonException>(() => RevocationJobRow.Read(row with { State = "null" }));
        Assert.ThrowsAny<JsonException>(() => ImportJobRow.Read(row with { State = "null" }));
        Assert.ThrowsAny<JsonException>(() => IntentRow.Read(row with { State = "null" }));
        Assert.ThrowsAny<JsonException>(() => RevocationJobRow.Read(row with { State = "{}" }));
    }

    private static void Same(StoredRecord one, StoredRecord other) => Assert.Equal(one, other);

    private static void SameStarter(JobStarter one, JobStarter other)
    {
        Assert.Equal((one.TokenId, one.MemberId), (other.TokenId, other.MemberId));
        Assert.Equal(one.Ancestors.ToArray(), other.Ancestors.ToArray());
        Assert.True(one.Grant.IsWithin(other.Grant) && other.Grant.IsWithin(one.Grant));
        Assert.Equal(one.Grant.Addresses, other.Grant.Addresses);
    }
}
