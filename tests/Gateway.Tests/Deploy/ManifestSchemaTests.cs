using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using k8s.Models;

namespace TokenActors.Gateway.Tests.Deploy;

/// <summary>
/// Every manifest against the schema of its kind: the models of the Kubernetes client, in which a field that the API
/// does not have is an error.
/// </summary>
public sealed class ManifestSchemaTests
{
    private static readonly JsonSerializerOptions Strict = new() { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private static readonly Dictionary<(string ApiVersion, string Kind), Type> Models = typeof(V1Pod).Assembly.GetTypes()
        .SelectMany(type => type.GetCustomAttributes<KubernetesEntityAttribute>().Select(entity => (type, entity)))
        .ToDictionary(
            known => (known.entity.Group.Length == 0 ? known.entity.ApiVersion : $"{known.entity.Group}/{known.entity.ApiVersion}", known.entity.Kind),
            known => known.type);

    [KustomizeTheory]
    [InlineData("base")]
    [InlineData("operator")]
    [InlineData("overlays/small")]
    [InlineData("overlays/production")]
    public void Every_manifest_has_the_fields_of_its_kind_and_no_others(string folder)
    {
        foreach (var manifest in DeployTests.Render(folder))
        {
            var (version, kind) = ((string?)manifest["apiVersion"] ?? "", (string?)manifest["kind"] ?? "");
            Assert.True(Models.TryGetValue((version, kind), out var model), $"{version} {kind} is a kind of the API");
            var problem = Record.Exception(() => JsonSerializer.Deserialize(manifest.ToJsonString(), model, Strict));
            Assert.True(problem is null, $"{folder}: {kind} {manifest["metadata"]?["name"]}: {problem?.Message}");
            Assert.Equal(kind == "Namespace" ? null : "tokenactors", (string?)manifest["metadata"]?["namespace"]);
        }
    }

    [Fact]
    public void A_field_that_a_kind_does_not_have_is_an_error()
    {
        const string Pod = """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"a","imagePolicy":"x"}]}}""";
        Assert.Contains(
            "imagePolicy",
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(Pod, Models[("v1", "Pod")], Strict)).Message);
    }
}
