using System.Text.Json.Nodes;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management;

/// <summary>Body of every error of the Management API.</summary>
internal sealed record Problem
{
    public required string Message { get; init; }

    public string? Detail { get; init; }

    public string? Remediation { get; init; }

    public ProblemContext? Context { get; init; }

    public string? Type { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required int Status { get; init; }

    public required string Instance { get; init; }

    public IReadOnlyList<ProblemCause>? Cause { get; init; }
}

internal sealed record ProblemCause(string Message, string Type, ProblemContext? Context = null);

/// <summary>Where to look.</summary>
internal sealed record ProblemContext(
    ProblematicParameter? Parameter = null, IReadOnlyList<ResourceReference>? Resources = null)
{
    public static ProblemContext Of(RequestError error) =>
        new(new ProblematicParameter(error.Id, error.Location, error.Value));
}

/// <summary>What was wrong: a JSON Pointer for the body, else the parameter's name.</summary>
internal sealed record ProblematicParameter(string Id, string Location, JsonNode? Value = null);

internal sealed record ResourceReference(string Type, string Id, string Rel);
