using static TokenActors.Gateway.Tests.Lifecycle.Imports;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>Imported keys while the pepper is replaced.</summary>
public sealed class ImportPepperTests(ImportPepperTests.Peppered service) : IClassFixture<ImportPepperTests.Peppered>
{
    /// <summary>With a ring that the test gives.</summary>
    public sealed class Peppered : Service
    {
        private static readonly Dictionary<string, string> Keys = new()
        {
            ["old"] = Convert.ToBase64String(Enumerable.Repeat((byte)1, 32).ToArray()),
            ["new"] = Convert.ToBase64String(Enumerable.Repeat((byte)2, 32).ToArray()),
        };

        public string[] Ring { get; set; } = ["old"];

        protected override string[] Settings =>
        [
            .. Ring.SelectMany((id, place) => (string[])
            [
                $"--TokenActors:Secrets:Peppers:{place}:Id", id, $"--TokenActors:Secrets:Peppers:{place}:Key", Keys[id],
            ]),
        ];

        public async Task<long> KeysUnder(string pepper) =>
            (await Records.KnownPeppers()).FirstOrDefault(known => known.Id == pepper)?.ImportedKeys ?? 0;
    }

    [Fact]
    public async Task A_key_moves_with_the_pepper_when_it_is_shown_and_is_imported_twice_under_none()
    {
        var (shown, hidden) = (NewKey(), NewKey());
        await service.ImportOne(Line(shown));
        await service.ImportOne(Line(hidden));
        Assert.Equal((2, 0), (await service.KeysUnder("old"), await service.KeysUnder("new")));

        service.Ring = ["new", "old"];
        await service.RestartAsync();
        Assert.True(await service.IsActiveKey(shown));
        var since = TimeProvider.System.GetTimestamp();
        while (await service.KeysUnder("new") == 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(20), "the key moves");
        }

        Assert.Equal((1, 1), (await service.KeysUnder("old"), await service.KeysUnder("new")));
        Assert.True(await service.IsActiveKey(shown));
        var job = await service.Ended(await service.Import(Lines(Line(shown), Line(hidden))));
        Assert.Equal((2, 0, 2), Counts(job));
        Assert.True(await service.IsActiveKey(hidden));

        // Of a new key an entry is under each, so that a silo with the old one in use sees it.
        await service.ImportOne(Line(NewKey()));
        Assert.Equal(3, await service.KeysUnder("new"));
    }
}
